import { parseArgs } from 'node:util';

/**
 * Reads the options of a command of this repository. `--help` prints the usage and exits with 0. An unknown option
 * prints the usage on stderr and exits with 2.
 */
export function readOptions(command, options = {}, args = process.argv.slice(2)) {
  const usage = `Usage: ${command}`;
  try {
    const { help, ...values } = parseArgs({
      args,
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
