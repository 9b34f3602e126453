// Runs a long test or a comparison: `npm run lab -- NAME [options]`. Without a name it lists them.
import { spawnSync } from 'node:child_process';
import { readToolOptions, tools, usageOf } from './lab-tools.mjs';

const [name, ...words] = process.argv.slice(2);
process.exitCode = main();

function main() {
  if (name === undefined || name === '--help') {
    console.log(list());
    return 0;
  }
  if (!Object.hasOwn(tools, name)) {
    console.error(`Unknown tool: ${name}.\n\n${list()}`);
    return 2;
  }
  const values = readToolOptions(name, words);
  const { builds = [], run } = tools[name];
  for (const script of builds) {
    const code = spawned('npm', ['run', '--silent', script]);
    if (code !== 0) return code;
  }
  return run.endsWith('.mjs') ? spawned(process.execPath, [run, ...words]) : runTests(run, values);
}

function list() {
  const lines = Object.entries(tools).map(([tool, { purpose }]) => `${usageOf(tool)}\n    ${purpose}`);
  return lines.join('\n');
}

/** Runs test files in their long form: `test/support/lab-options.ts` reads the variables. */
function runTests(path, values) {
  const options = Object.entries(values).map(([option, value]) => [`LAB_${option.toUpperCase()}`, value]);
  return spawned(
    'npx',
    ['vitest', 'run', '--config', 'test/vitest.config.ts', '--disableConsoleIntercept=true', path],
    {
      ...process.env,
      ...Object.fromEntries(options),
      LAB: '1',
    },
  );
}

/** Returns the exit code of a program that writes to our own streams. */
function spawned(command, args, env = process.env) {
  return spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;
}
