import { parseArgs } from 'node:util';

/**
 * The options of a command for those who work on this project. `--help` says how it is used and ends the process with 0;
 * an option that it does not know says so and ends it with 2.
 */
export function readOptions(command, options = {}) {
  const usage = `Usage: ${command}`;
  try {
    const { help, ...values } = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    }).values;
    if (!help) return values;
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  return process.exit(0);
}
