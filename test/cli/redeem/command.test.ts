import { expect, test } from 'vitest';
import { bash, main } from '../../support/processes/bash.js';

const checker = 'python3 test/compat/schema/check_json.py schema/json/RedeemOutput.json';

test.each([
  ['at-limit', `${main} redeem --yes --json`, 0],
  ['fresh', `${main} redeem --yes --json`, 3],
  ['rate-limited', `${main} redeem --yes --json`, 1],
  ['at-limit', `${main} redeem --yes >&2; ${main} redeem --history --json`, 0],
] as const)('the output of --json matches its JSON Schema: %s, %s', async (scenario, line, code) => {
  const piped = await bash(scenario, `{ ${line}; echo "code $?" >&2; } | ${checker}`);
  expect([piped.code, piped.stdout]).toEqual([0, '']);
  expect(piped.stderr).toMatch(new RegExp(`code ${code}\n$`));
});

test('the exit code is the same if the pipe is closed after the first line', async () => {
  const { stdout } = await bash('at-limit', `${main} redeem --yes | head -1; echo "code \${PIPESTATUS[0]}"`);
  expect(stdout).toBe('A reset credit was used, and the windows have been reset (verified).\ncode 0\n');
});

test('without a terminal it asks no questions and redeems nothing', async () => {
  const { stdout, stderr } = await bash(
    'at-limit',
    `${main} redeem; echo "code $?"; ${main} redeem --history`,
  );
  expect(stdout).toBe('code 2\nNo redemption is recorded in this CODEX_HOME.\n');
  expect(stderr).toMatch(/^codex-account-server redeem: there is no terminal to ask on;/);
});
