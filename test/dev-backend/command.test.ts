import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { devEnvironment } from '../../src/dev-backend/environment.js';
import { scenarioNames } from '../../src/dev-backend/account/scenarios.js';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { startBuiltServer } from '../support/processes/built-server.js';
import { startScript } from '../support/processes/script-process.js';
import { firstText, outcomeOf, startCommand } from './command-fixture.js';
import { unixTest } from '../support/unix-test.js';

unixTest('the command prints the addresses of the backend and its CODEX_HOME', async () => {
  const command = startCommand('--scenario', 'at-limit');
  const text = await firstText(command.stdout);
  const url = /http:\S+/.exec(text)?.[0] ?? '';
  const home = /CODEX_HOME=(\S+)/.exec(text)?.[1] ?? '';
  const config = readFileSync(join(home, 'config.toml'), 'utf8');
  const response = await fetch(`${url}/api/codex/usage`, { headers: { authorization: 'Bearer token' } });
  command.stop();
  await command.exitCode;
  expect(text).toBe(`Embedded backend: ${url} (scenario at-limit)
CODEX_HOME=${home}
Run this line in another terminal, then start your client there, or: codex-account-server usage
export CODEX_HOME=${home} CODEX_REFRESH_TOKEN_URL_OVERRIDE=${url}/oauth/token CODEX_REVOKE_TOKEN_URL_OVERRIDE=${url}/oauth/revoke CODEX_APP_SERVER_LOGIN_ISSUER=${url} CODEX_AUTHAPI_BASE_URL=${url}
Ctrl-C stops it and removes that folder.
`);
  expect(config).toBe(`chatgpt_base_url = "${url}"\n`);
  expect(await response.json()).toMatchObject({ rate_limit_reset_credits: { available_count: 2 } });
});

test('the home of an expiring login holds an access token that expires soon', async () => {
  const command = startCommand('--scenario', 'expiring-login');
  const home = /CODEX_HOME=(\S+)/.exec(await firstText(command.stdout))?.[1] ?? '';
  const text = readFileSync(join(home, 'auth.json'), 'utf8');
  command.stop();
  await command.exitCode;
  const { tokens } = JSON.parse(text) as { tokens: { access_token: string } };
  const claims = Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString();
  const { exp } = JSON.parse(claims) as { exp: number };
  expect(exp).toBeLessThanOrEqual(Date.now() / 1000 + 120);
});

test('the help names the variables of the export line', async () => {
  const { stdout } = await outcomeOf(startCommand('--help'));
  const names = [...stdout.matchAll(/^ {2}(CODEX_\w+) {2,}\S/gm)].map((match) => match[1]);
  expect(names).toEqual(['CODEX_HOME', ...Object.keys(devEnvironment('http://127.0.0.1:1'))]);
});

test('stopping removes the folder, closes the backend and exits with 0', async () => {
  const command = startCommand();
  const text = await firstText(command.stdout);
  command.stop();
  const outcome = await outcomeOf(command);
  expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(existsSync(/CODEX_HOME=(\S+)/.exec(text)?.[1] ?? '/')).toBe(false);
  await expect(fetch(/http:\S+/.exec(text)?.[0] ?? '')).rejects.toThrow('fetch failed');
});

test('it ends with 0 although a program still writes into the folder, and names the folder if that stays', async () => {
  const command = startCommand();
  const home = /CODEX_HOME=(\S+)/.exec(await firstText(command.stdout))?.[1] ?? '';
  const writer = startScript(
    `import { writeFileSync } from 'node:fs';
    let count = 0;
    function write() {
      try { writeFileSync(process.argv[1] + '/' + (count % 20), ''); } catch {}
      count += 1;
      if (count === 100) console.log('writes');
      setImmediate(write);
    }
    write();`,
    [home],
  );
  try {
    await writer.nextLine();
    command.stop();
    const { exitCode, stderr } = await outcomeOf(command);
    const sentence = `codex-account-server dev-backend: the folder ${home} cannot be removed (ENOTEMPTY): a program may still use it. End that program, then remove the folder.\n`;
    expect([exitCode, stderr]).toEqual([0, existsSync(home) ? sentence : '']);
  } finally {
    await writer.kill();
    rmSync(home, { recursive: true, force: true });
  }
});

test('the login of the home has the plan of the scenario', async () => {
  const command = startCommand('--scenario', 'free');
  const home = /CODEX_HOME=(\S+)/.exec(await firstText(command.stdout))?.[1] ?? '';
  const { tokens } = JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8')) as {
    tokens: { id_token: string };
  };
  command.stop();
  await command.exitCode;
  const claims = Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString();
  expect(claims).toContain('"chatgpt_plan_type":"free"');
});

unixTest.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'the folder is removed even if %s comes several times',
  async (signal) => {
    const { child, exited } = startBuiltServer({
      args: ['dev-backend'],
      environment: { HOME: tmpdir(), TMPDIR: tmpdir() },
    });
    const home = /CODEX_HOME=(\S+)/.exec(await firstText(child.stdout))?.[1] ?? '';
    try {
      // Makes the removal take longer than the next signal.
      for (let index = 0; index < 500; index += 1) writeFileSync(join(home, `${index}`), '');
      while (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await setImmediate();
      }
      await exited;
      expect(existsSync(home)).toBe(false);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);

test('the help names every scenario with its line', async () => {
  const { exitCode, stdout, stderr } = await outcomeOf(startCommand('--help'));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const names = [...stdout.matchAll(/^ {2}([a-z][\w-]+) {2,}\S/gm)].map((match) => match[1]);
  expect(names).toEqual(scenarioNames);
});

test.each([
  [['--nothing'], "Unknown option '--nothing'"],
  [['fresh'], "Unexpected argument 'fresh'; put a command behind --"],
  [['--port'], "Option '--port <value>' argument missing"],
  [['--port', 'http'], "--port takes a number from 0 to 65535, not 'http'"],
  [['--port', '65536'], "--port takes a number from 0 to 65535, not '65536'"],
  [['--port', ''], "--port takes a number from 0 to 65535, not ''"],
  [['--scenario', 'a. b'], `--scenario takes one of ${scenarioNames.join(', ')}, not 'a. b'`],
  [['--scenario', 'at-limt'], "--scenario: no scenario 'at-limt'; did you mean at-limit?"],
  [['--home', ''], '--home takes a folder'],
  [['--account', 'A b'], "--account takes up to 32 of a-z, 0-9 and '-', not 'A b'"],
  [['--'], '-- must be followed by a command'],
  [['--scenario', 'nope'], `--scenario takes one of ${scenarioNames.join(', ')}, not 'nope'`],
])('%j is wrong usage', async (args, reason) => {
  expect(await outcomeOf(startCommand(...args))).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `codex-account-server dev-backend: ${reason}${reason.endsWith('?') ? '' : '.'} See --help.\n`,
  });
});

test('a port in use is reported in one sentence', async () => {
  const other = await startDevBackend();
  const outcome = await outcomeOf(startCommand('--port', String(other.port)));
  await other.close();
  const reason = `port ${other.port} is taken; choose another one, or 0 for any free one`;
  expect(outcome).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `codex-account-server dev-backend: ${reason}.\n`,
  });
});
