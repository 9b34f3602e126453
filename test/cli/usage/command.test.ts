import { expect, test } from 'vitest';
import { bash, main } from '../../support/processes/bash.js';

const checker = 'python3 test/compat/schema/check_json.py schema/json/UsageOutput.json';

test('the exit code is the same if the pipe is closed after the first line', async () => {
  const line = `${main} usage | head -1; echo "code \${PIPESTATUS[0]}"`;
  expect(await bash('at-limit', line)).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^Blocked until .*: the rate limit is reached \(week\) - plan pro\ncode 3\n$/,
    ) as string,
    stderr: '',
  });
});

test.each(['at-limit', 'blocked', 'one-window', 'no-credits', 'rate-limited', 'malformed'] as const)(
  'the output of --json matches its JSON Schema: %s',
  async (scenario) => {
    const { code, stdout, stderr } = await bash(scenario, `${main} usage --json | ${checker}`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  },
);

test('the check of the JSON Schema finds faults', async () => {
  const line = `${main} usage --json | sed 's/"version": 1/"version": 2/; s/"usedPercent": 40/"usedPercent": "40"/' | ${checker}`;
  const { code, stdout } = await bash('blocked', line);
  expect(code).toBe(1);
  expect(stdout).toContain('$.version: not 1');
  expect(stdout).toContain('$.limits[0].windows[0].usedPercent: none of the choices');
});

test('a closed standard output is not a failure', async () => {
  expect(await bash('at-limit', `${main} usage >&-; echo "code $?" >&2`)).toMatchObject({
    stderr: 'code 3\n',
  });
});

test.each(['usage', 'usage --help', '--help', '--version', 'completion bash', 'login --help', 'demo'])(
  'a full disk is reported in one line: %s',
  async (words) => {
    const { stderr } = await bash('fresh', `${main} ${words} > /dev/full; echo "code $?" >&2`);
    const command = words.replace(/ ?(--help|--version|bash)$/, '');
    expect(stderr).toMatch(/^[^:]+: cannot write: .*ENOSPC.*\ncode 1\n$/);
    expect(stderr.split(':')[0]).toBe(`codex-account-server ${command}`.trimEnd());
  },
);

test('a full disk is reported in one line for a stored read, too', async () => {
  const { stderr } = await bash(
    'fresh',
    `${main} usage > /dev/null; ${main} usage --cached > /dev/full; echo "code $?" >&2`,
  );
  expect(stderr).toMatch(/^codex-account-server usage: cannot write: .*ENOSPC.*\ncode 1\n$/);
});
