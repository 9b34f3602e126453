import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, type LineFixture, shells, withLine } from './fixture.js';

const format = '{plan} {window:300}% {permission}';
const blocked = 'pro 100% blocked\n';
const printed = (stdout: string): object => ({ code: 0, stdout, stderr: '' });
const nothing = { code: 1, stdout: '', stderr: '' };

async function redeem({ start }: LineFixture): Promise<void> {
  const server = start(['app-server']);
  await server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
  await server.call(2, 'account/rateLimitResetCredit/consume', { idempotencyKey: 'key-1' });
}

describe.each(shells)('%s', (shell) => {
  test('prints the line of usage, and then the stored one without a process of node', () =>
    withLine({}, async ({ line, starts, requests }) => {
      expect(await line([format], { shell })).toEqual(printed(blocked));
      expect([await starts(), requests()]).toEqual([1, 1]);
      for (let count = 0; count < 10; count += 1) {
        expect(await line(['--max-age', '60', format], { shell })).toEqual(printed(blocked));
      }
      expect([await starts(), requests()]).toEqual([1, 1]);
    }));

  test('prints a line that is too old with a mark, and many prompts start one refresh', () =>
    withLine({}, async ({ line, backend, starts, requests, age }) => {
      await line([format], { shell });
      age(61);
      // A refresh that ends before the last prompt would be followed by another one.
      backend.script('usage', { status: 500, body: {} });
      const prompts = await Promise.all(Array.from({ length: 10 }, () => line([format], { shell })));
      expect(prompts).toEqual(prompts.map(() => printed(`~${blocked}`)));
      expect(await starts(2)).toBe(2);
      expect(requests()).toBe(2);
      backend.script('usage', undefined);
      age(10);
      expect(await line([format], { shell })).toEqual(printed(`~${blocked}`));
      expect(await starts(3)).toBe(3);
      expect(await line([format], { shell })).toEqual(printed(blocked));
      expect([await starts(3), requests()]).toEqual([3, 3]);
    }));

  test('does not print a line after a redemption', () =>
    withLine({}, async (fixture) => {
      const { line } = fixture;
      await line([format], { shell });
      await redeem(fixture);
      expect(await line([format], { shell })).toEqual(printed('pro 0% allowed\n'));
    }));

  test('prints nothing without a login', () =>
    withLine({}, async ({ line, home, start }) => {
      await line([format], { shell });
      await start(['logout']).exited;
      expect(await line([format], { shell })).toEqual({ code: 5, stdout: '', stderr: '' });
      // The first try has failed: the next prompt does not wait for another one.
      expect(await line([format], { shell })).toEqual(nothing);
      const env = { CODEX_HOME: join(home, 'none') };
      expect(await line([format], { shell, env })).toEqual({ code: 5, stdout: '', stderr: '' });
    }));

  test.each([
    ['a newer login', (path: string) => utimesSync(path, 1, 1)],
    ['a longer login', (path: string) => writeFileSync(path, ` ${readFileSync(path, 'utf8')}`)],
  ])('renders the line of %s', (_, change) =>
    withLine({}, async ({ line, home, starts }) => {
      const path = join(home, 'auth.json');
      // Only the size differs in one case, only the time in the other.
      utimesSync(path, 1000, 1000);
      await line([format], { shell });
      change(path);
      if (statSync(path).mtimeMs > 2_000_000) utimesSync(path, 1000, 1000);
      expect(await line([format], { shell })).toEqual(printed(blocked));
      expect(await starts(2)).toBe(2);
      expect(await line([format], { shell })).toEqual(printed(blocked));
      expect(await starts(2)).toBe(2);
    }),
  );
});

test('a mark of the caller, and a line that does not exceed the age of another caller', () =>
  withLine({}, async ({ line, age, starts }) => {
    await line(['--max-age', '600', format]);
    age(61);
    expect(await line(['--max-age', '600', format])).toEqual(printed(blocked));
    expect(await line(['--mark', '', format])).toEqual(printed(blocked));
    expect(await starts(2)).toBe(2);
    age(601);
    expect((await line(['--mark=old ', format])).stdout).toBe(`old ${blocked}`);
    expect(await starts(3)).toBe(3);
  }));

test('a line holds until a window in it ends', () =>
  withLine({}, async ({ line, path, starts }) => {
    await line(['--max-age', '99999', format]);
    const [, , readAt = '', until = ''] = readFileSync(path(), 'utf8').split(' ');
    // The window of five hours ends first.
    expect(Number(until)).toBeLessThan(Number(readAt) + 5 * 3600);
    writeFileSync(path(), readFileSync(path(), 'utf8').replace(until, `${Number(readAt) - 1}`));
    expect((await line(['--max-age', '99999', format])).stdout).toBe(`~${blocked}`);
    expect(await starts(2)).toBe(2);
  }));

test('a prompt does not wait for a backend that has not answered before', () =>
  withLine({}, async ({ line, backend, starts, requests, age }) => {
    await line([format]);
    backend.script('usage', { status: 500, body: {} });
    age(61);
    expect(await line([format])).toEqual(printed(`~${blocked}`));
    expect(await starts(2)).toBe(2);
    const sent = requests();
    expect(await line([format])).toEqual(printed(`~${blocked}`));
    expect([await starts(2), requests()]).toEqual([2, sent]);
    age(10);
    expect(await line([format])).toEqual(printed(`~${blocked}`));
    expect(await starts(3)).toBe(3);
  }));

test('the first prompt ends although the backend does not answer, and the next ones do not wait', () =>
  withLine({}, async ({ line, backend, starts, age }) => {
    backend.script('usage', () => 'handled');
    expect(await line([format])).toEqual(nothing);
    expect(await line([format])).toEqual(nothing);
    expect(await starts(1)).toBe(1);
    backend.script('usage', undefined);
    age(10);
    expect(await line([format])).toEqual(nothing);
    expect(await starts(2)).toBe(2);
    expect(await line([format])).toEqual(printed(blocked));
  }));

test.each([
  [[], 'one FORMAT is needed, in quotes'],
  [['a', 'b'], 'one FORMAT is needed, in quotes'],
  [[''], 'FORMAT is empty'],
  [['--max-age'], '--max-age needs a value'],
  [['--max-age', '1.5', 'a'], '--max-age takes 0 to 99999 seconds'],
  [['--max-age', '007', 'a'], '--max-age takes 0 to 99999 seconds'],
  [['--max-age', '100000', 'a'], '--max-age takes 0 to 99999 seconds'],
  [['--max-age=$(id)', 'a'], '--max-age takes 0 to 99999 seconds'],
  [['--json', 'a'], 'unknown option'],
])('%j is wrong usage', (args, message) =>
  withLine({}, async ({ line, starts }) => {
    expect(await line(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: ${message}; see codex-account-line --help\nUsage: codex-account-line [--max-age SECONDS] [--mark TEXT] FORMAT\n`,
    });
    expect(await starts(0)).toBe(0);
  }),
);

test('an unknown field is wrong usage in the words of usage', () =>
  withLine({}, async ({ line }) => {
    const { code, stdout, stderr } = await line(['{nonsense}']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--format has no field {nonsense}');
  }));

test('--help needs no node', () =>
  withLine({}, async ({ line, starts }) => {
    const { code, stdout } = await line(['--help']);
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'Usage: codex-account-line [--max-age SECONDS] [--mark TEXT] FORMAT',
    ]);
    expect(await starts(0)).toBe(0);
  }));

test('a help text that cannot be written is not wrong usage', () => {
  const { status, stderr } = spawnSync('dash', ['-c', 'dash dist/line.sh --help >&-'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).not.toContain('FORMAT');
});

test('a folder beside it with the name of the program is not started', () =>
  withLine({}, async ({ bin, line }) => {
    const own = join(bin, 'own');
    mkdirSync(own);
    renameSync(join(bin, 'codex-account-server'), join(own, 'codex-account-server'));
    mkdirSync(join(bin, 'codex-account-server'));
    expect(await line([format], { env: { PATH: `${own}:${process.env.PATH}` } })).toEqual(printed(blocked));
  }));

test.skipIf(!isInstalled('shellcheck'))('shellcheck has nothing to say about the script', () => {
  expect(spawnSync('shellcheck', ['dist/line.sh'], { encoding: 'utf8' }).stdout).toBe('');
});
