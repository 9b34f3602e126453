import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBuiltServer } from '../support/processes/built-server.js';
import { hasTerminals, startOnTerminal } from '../support/processes/terminal.js';
import { firstText, outcomeOf, startCommand } from './command-fixture.js';
import { bearer, usagePath } from './fixture.js';
import { shownMode } from '../support/files/shown-mode.js';
import { casesOf, unixTest } from '../support/unix-test.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-account-server-options-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const urlIn = (text: string): string => /http:\S+/.exec(text)?.[0] ?? '';

describe('--home', () => {
  test('a folder is made, has a login, and stays', async () => {
    const home = join(folder, 'new', 'home');
    const command = startCommand('--home', home);
    const text = await firstText(command.stdout);
    command.stop();
    expect(await outcomeOf(command)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(text).toContain(`\nCODEX_HOME=${home}\n`);
    expect(text).toMatch(/\nCtrl-C stops it\.\n$/);
    expect(statSync(home).mode & 0o777).toBe(shownMode(0o700));
    expect(statSync(join(home, 'auth.json')).mode & 0o777).toBe(shownMode(0o600));
    expect(readFileSync(join(home, 'config.toml'), 'utf8')).toContain(`chatgpt_base_url = "${urlIn(text)}"`);
  });

  test('a second start replaces the address and the login, and keeps the rest', async () => {
    const first = startCommand('--home', folder);
    await firstText(first.stdout);
    first.stop();
    await first.exitCode;
    writeFileSync(join(folder, 'auth.json'), 'damaged');
    writeFileSync(join(folder, 'mine'), 'mine');
    const second = startCommand('--home', folder);
    const text = await firstText(second.stdout);
    second.stop();
    expect(await second.exitCode).toBe(0);
    expect(readFileSync(join(folder, 'config.toml'), 'utf8')).toContain(urlIn(text));
    expect(readFileSync(join(folder, 'auth.json'), 'utf8')).toContain('access_token');
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine');
  });

  test.each(['auth.json', 'config.toml'])(
    'a folder with the %s of somebody else is refused and stays as it is',
    async (name) => {
      writeFileSync(join(folder, name), 'of somebody else');
      expect(await outcomeOf(startCommand('--home', folder))).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `codex-account-server dev-backend: cannot start: ${folder} has a ${name} that dev-backend did not write; choose another folder.\n`,
      });
      expect(readFileSync(join(folder, name), 'utf8')).toBe('of somebody else');
    },
  );
});

test('--account makes a login of its own, and the backend serves it', async () => {
  const command = startCommand('--account', 'work', '--home', folder);
  const url = urlIn(await firstText(command.stdout));
  const auth = JSON.parse(readFileSync(join(folder, 'auth.json'), 'utf8')) as {
    tokens: { account_id: string; access_token: string };
  };
  const authorization = `Bearer ${auth.tokens.access_token}`;
  const usage = await fetch(`${url}${usagePath}`, { headers: { authorization } });
  expect(await usage.json()).toMatchObject({ account_id: 'account-work', user_id: 'user-work' });
  expect(auth.tokens.account_id).toBe('account-work');
  command.stop();
  expect(await command.exitCode).toBe(0);
});

test('--log writes a line for each request, without query and token', async () => {
  const command = startCommand('--log');
  const url = urlIn(await firstText(command.stdout));
  await fetch(`${url}${usagePath}?code=secret`, { headers: bearer });
  const line = await firstText(command.stderr);
  command.stop();
  await command.exitCode;
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z GET \/api\/codex\/usage 200, \d+ ms\n$/);
});

describe('a command', () => {
  test('has the variables and its own arguments, but no login of the user; the folder goes with it', async () => {
    const output = join(folder, 'output');
    const script = `require('fs').writeFileSync(${JSON.stringify(output)}, JSON.stringify([process.argv.slice(1), process.env]))`;
    const command = startCommand('--scenario', 'free', '--', 'node', '-e', script, '--', '--log', 'a b', '');
    expect(await outcomeOf(command)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const [args, env] = JSON.parse(readFileSync(output, 'utf8')) as [string[], NodeJS.ProcessEnv];
    expect(args).toEqual(['--log', 'a b', '']);
    expect(env.CODEX_REFRESH_TOKEN_URL_OVERRIDE).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/token$/);
    expect(env).not.toHaveProperty('OPENAI_API_KEY');
    expect(existsSync(env.CODEX_HOME ?? folder)).toBe(false);
  });

  const ends: [name: string, words: string[], exitCode: number, reason: string][] = [
    ['its exit code', ['node', '-e', 'process.exit(7)'], 7, ''],
    ['128 and the number of its signal', ['node', '-e', 'process.kill(process.pid, "SIGTERM")'], 143, ''],
    ['127 if it is missing', ['no-such-program'], 127, 'no-such-program cannot be run (ENOENT).\n'],
    ['126 if it may not be run', ['/etc/passwd'], 126, '/etc/passwd cannot be run (EACCES).\n'],
  ];

  // Windows has neither signals nor files that may not be run.
  test.each(casesOf(ends, ([name]) => !/^12[68]/.test(name)))(
    'ends with %s',
    async (_name, words, exitCode, reason) => {
      expect(await outcomeOf(startCommand('--', ...words))).toEqual({
        exitCode,
        stdout: '',
        stderr: reason && `codex-account-server dev-backend: ${reason}`,
      });
    },
  );

  unixTest('gets the signal that asks the backend to stop', async () => {
    const ready = join(folder, 'ready');
    const script = `process.on('SIGHUP', () => process.exit(5));
      require('fs').writeFileSync(${JSON.stringify(ready)}, '');
      setInterval(() => {}, 1000)`;
    const command = startCommand('--', 'node', '-e', script);
    const { watch } = await import('node:fs');
    await new Promise<void>((resolve) => {
      const watcher = watch(folder, () => {
        if (!existsSync(ready)) return;
        watcher.close();
        resolve();
      });
    });
    command.stop('SIGHUP');
    expect(await command.exitCode).toBe(5);
  });

  test('usage reads the backend, as built', async () => {
    const { child, exited } = startBuiltServer({
      args: ['dev-backend', '--scenario', 'at-limit', '--', process.execPath, 'dist/main.cjs', 'usage'],
      environment: { HOME: folder, TMPDIR: folder, PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' },
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.stdin.end();
    await exited;
    expect(text).toContain('Reset credits  2, soonest expiry in 2 d 23 h');
    // The exit code of usage at the limit.
    expect(child.exitCode).toBe(3);
  });
});

describe.runIf(hasTerminals)('on a terminal', () => {
  test('the key n changes to the next scenario, and Ctrl-C ends it with the modes restored', async () => {
    const environment = { HOME: folder, TMPDIR: folder };
    const terminal = startOnTerminal(['dev-backend', '--scenario', 'login-revoked'], { environment });
    await terminal.until(
      /The key n changes to the next scenario\. Ctrl-C stops it and removes that folder\./,
    );
    terminal.type('n');
    await terminal.until(/Scenario fresh: both windows start at 0 %/);
    terminal.type('\u0003');
    expect(await terminal.ended).toEqual({ status: 0, stderr: '', isRestored: true });
  });
});
