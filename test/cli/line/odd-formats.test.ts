import { cpSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shells, withLine } from './fixture.js';

const formats = [
  '%s %d %% \\n \\033[1m',
  '$(touch injected) `touch injected` ${{HOME}} $0',
  `'single' "double" it's`,
  'one\ntwo\n\n  three  \n',
  'END\nend',
  '\u001b[31m{plan}\u001b[0m\r\t\u0007',
  '-e {plan}',
  '* ? [a-z] ~ ! # ; | & <>',
  '  {plan}  ',
  '#[fg=red]{plan}#(touch injected)',
  'ünï {bar:300} 🙂',
  '/../../{plan}',
];

describe.each(shells)('%s', (shell) => {
  test(
    'prints each format as usage does, from the stored line too',
    () =>
      withLine({}, async ({ line, start, home, starts }) => {
        const cwd = join(home, 'cwd');
        mkdirSync(cwd);
        await line(['{age}'], { shell });
        for (const format of formats) {
          const usage = start(['usage', `--format=${format}`, '--cached'], { LANG: 'C.UTF-8', TZ: 'UTC' });
          await usage.exited;
          const first = await line(['--', format], { shell, cwd });
          const second = await line(['--', format], { shell, cwd });
          // A command substitution removes line breaks at the end.
          expect(first.stdout.trimEnd()).toBe(usage.stdout().trimEnd());
          expect(second.stdout.trimEnd()).toBe(first.stdout.trimEnd());
          expect([first.code, first.stderr, second.code, second.stderr]).toEqual([0, '', 0, '']);
        }
        expect(await starts(formats.length + 1)).toBe(formats.length + 1);
        expect(readdirSync(cwd)).toEqual([]);
      }),
    60_000,
  );

  test.each(['with blanks', `quo"te's`, '*', '-L', 'new\nline', '$(touch injected)'])(
    'CODEX_HOME %j is used as it is',
    (name) =>
      withLine({}, async ({ line, home, starts }) => {
        const cwd = join(home, 'cwd');
        mkdirSync(join(cwd, name), { recursive: true });
        for (const file of ['auth.json', 'config.toml']) cpSync(join(home, file), join(cwd, name, file));
        const env = { CODEX_HOME: name };
        expect((await line(['{plan}'], { shell, cwd, env })).stdout).toBe('pro\n');
        expect((await line(['{plan}'], { shell, cwd, env })).stdout).toBe('pro\n');
        expect(await starts(1)).toBe(1);
        expect(readdirSync(cwd)).toEqual([name]);
      }),
  );

  test('without CODEX_HOME the login is in .codex of HOME', () =>
    withLine({}, async ({ line, home, bin, starts }) => {
      const env = { CODEX_HOME: undefined, HOME: bin };
      expect(await line(['{plan}'], { shell, env })).toEqual({ code: 5, stdout: '', stderr: '' });
      cpSync(home, join(bin, '.codex'), { recursive: true });
      expect((await line(['{plan}'], { shell, env })).stdout).toBe('pro\n');
      expect((await line(['{plan}'], { shell, env: { CODEX_HOME: '', HOME: bin } })).stdout).toBe('pro\n');
      expect(await starts(1)).toBe(1);
    }));

  test('two homes with one login share its lines', () =>
    withLine({}, async ({ line, home, bin, starts, path }) => {
      const other = join(bin, 'other home');
      mkdirSync(other);
      cpSync(join(home, 'config.toml'), join(other, 'config.toml'));
      symlinkSync(join(home, 'auth.json'), join(other, 'auth.json'));
      await line(['{plan}'], { shell });
      expect((await line(['{plan}'], { shell, env: { CODEX_HOME: other } })).stdout).toBe('pro\n');
      expect(await starts(1)).toBe(1);
      // A link that leads nowhere.
      rmSync(join(home, 'auth.json'));
      expect((await line(['{plan}'], { shell, env: { CODEX_HOME: other } })).stdout).toBe('');
      expect(statSync(path()).mode & 0o777).toBe(0o600);
      expect(statSync(join(path(), '..')).mode & 0o777).toBe(0o700);
    }));
});

test('another language and time zone have lines of their own', () =>
  withLine({}, async ({ line }) => {
    const ascii = (await line(['{bar:300}'], { env: { LANG: 'C' } })).stdout;
    expect((await line(['{bar:300}'])).stdout).not.toBe(ascii);
    expect((await line(['{bar:300}'], { env: { LANG: 'C' } })).stdout).toBe(ascii);
    const readAt = (await line(['{readAt}'])).stdout;
    expect((await line(['{readAt}'], { env: { TZ: 'Asia/Kolkata' } })).stdout).not.toBe(readAt);
  }));

test('a personal access token has no stored line', () =>
  withLine({}, async ({ line, folder, starts }) => {
    const env = { CODEX_ACCESS_TOKEN: 'at-dev' };
    expect((await line(['{plan}'], { env })).code).toBe(0);
    expect((await line(['{plan}'], { env })).code).toBe(0);
    expect(await starts(2)).toBe(2);
    expect(() => readdirSync(folder)).toThrow('ENOENT');
  }));
