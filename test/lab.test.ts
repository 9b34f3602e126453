import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const names = [
  'faults',
  'fuzz',
  'soak',
  'refresh-rounds',
  'refresh-kills',
  'redemption-kills',
  'redemption-races',
  'redemption-rules',
  'client-leaks',
  'front-kills',
  'front-rotation',
  'front-cost',
  'snapshot',
  'line',
  'ends',
  'matrix',
  'windows',
  'drift',
  'clients',
  'pictures',
];

const commands: [usage: string, words: string[]][] = [
  ['npm run bench', ['test/bench/run-bench.mjs']],
  ['npm run conformance', ['test/conformance/run.mjs']],
  ...names.map((name): [string, string[]] => [`npm run lab -- ${name}`, ['test/lab.mjs', name]]),
];

/** Runs a command that can keep nothing and reaches no registry, if it goes on by mistake. */
function run(words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/dev/null', npm_config_registry: 'http://127.0.0.1:9' },
  });
  return { status, stdout, stderr };
}

test.each(commands)('%s --help prints the usage', (command, words) => {
  const { status, stdout, stderr } = run([...words, '--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: ${command}(?: .*)?\n$`));
});

test.each(commands)('%s refuses an unknown option', (_command, words) => {
  const { stdout: usage } = run([...words, '--help']);
  expect(run([...words, '--nope'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `Unknown option '--nope'\n${usage}`,
  });
});

test('without a name the lab lists its tools, each with its options and its purpose', () => {
  const { status, stdout, stderr } = run(['test/lab.mjs']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.filter((_, index) => index % 2 === 0).map((line) => line.split(' ')[4])).toEqual(names);
  for (const purpose of lines.filter((_, index) => index % 2 === 1))
    expect(purpose).toMatch(/^ {4}[A-Z].+\.$/);
  expect(stdout).toContain('npm run lab -- faults [--count 10000] [--seed N]\n');
});

test('an unknown tool is refused with the list', () => {
  const { stdout: list } = run(['test/lab.mjs']);
  expect(run(['test/lab.mjs', 'nope'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `Unknown tool: nope.\n\n${list}`,
  });
});
