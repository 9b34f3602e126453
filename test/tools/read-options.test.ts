import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const commands = {
  'test/bench/run-bench.mjs': 'npm run bench',
  'test/conformance/run.mjs': 'npm run conformance',
  'test/drift/drift.mjs': 'npm run drift',
  'test/ends/ends.mjs': 'node test/ends/ends.mjs',
  'test/faults/faults.mjs': 'npm run faults',
  'test/fuzz/fuzz.mjs': 'npm run fuzz',
  'test/matrix/matrix.mjs': 'npm run matrix',
  'test/real-clients/clients.mjs': 'npm run clients',
  'test/redemption/kills.mjs': 'npm run redemption-kills',
  'test/redemption/races.mjs': 'npm run redemption-races',
  'test/refresh/kills.mjs': 'npm run refresh-kills',
  'test/refresh/rounds.mjs': 'npm run refresh-rounds',
  'test/soak/soak.mjs': 'npm run soak',
};

/** A script that goes on in spite of it can keep nothing, and asks no registry. */
function run(script: string, option: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, option], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/dev/null', npm_config_registry: 'http://127.0.0.1:9' },
  });
  return { status, stdout, stderr };
}

test.each(Object.entries(commands))('%s --help says how it is used', (script, command) => {
  const { status, stdout, stderr } = run(script, '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`^Usage: ${command}(?: .*)?\n$`));
});

test.each(Object.entries(commands))('an option that %s does not know is wrong use', (script) => {
  const { stdout: usage } = run(script, '--help');
  expect(run(script, '--nope')).toEqual({
    status: 2,
    stdout: '',
    stderr: `Unknown option '--nope'\n${usage}`,
  });
});
