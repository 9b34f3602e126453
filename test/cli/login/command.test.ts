import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loginWithTyped, printed } from './typed-secret.js';
import { outcome, storedLogin, withCommands } from '../../support/processes/commands.js';

test.each([
  ['sk-canary\n', 'sk-canary'],
  ['sk-canary', 'sk-canary'],
  // As `echo KEY | …` of cmd and of PowerShell.
  ['sk-canary \r\n', 'sk-canary'],
  ['\ufeffsk-canary\r\n', 'sk-canary'],
  [' \tsk-canary\n\n', 'sk-canary'],
])('login --with-api-key stores %j from stdin as %j', (input, key) =>
  withCommands('none', async ({ command, authPath }) => {
    const login = command('login --with-api-key');
    login.child.stdin.end(input);
    expect(await outcome(login)).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'Reading API key from stdin...\nAPI key saved. Authentication is checked when you send a request.\n',
    });
    expect(storedLogin(authPath)).toEqual({ auth_mode: 'apikey', OPENAI_API_KEY: key });
  }),
);

test('login --with-api-key needs a key', () =>
  withCommands('none', async ({ command, authPath }) => {
    const login = command('login --with-api-key');
    login.child.stdin.end(' \n');
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Reading API key from stdin...\nNo API key provided via stdin.\n',
    });
    expect(existsSync(authPath)).toBe(false);
  }));

test('login --with-api-key does not accept a key that is typed', async () => {
  expect(await loginWithTyped('--with-api-key', 'sk-canary')).toEqual([
    1,
    `--with-api-key expects the API key on stdin. Try piping it, e.g. \`${printed('OPENAI_API_KEY')} | codex-account-server login --with-api-key\`.\n`,
  ]);
});

test('a login that config.toml does not allow is refused', () =>
  withCommands('none', async ({ home, command }) => {
    writeFileSync(join(home.path, 'config.toml'), 'forced_login_method = "chatgpt"\n');
    const login = command('login --with-api-key');
    login.child.stdin.end('sk-canary\n');
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Reading API key from stdin...\nError logging in: API key login is disabled. Use ChatGPT login instead.\n',
    });
  }));

test('a login that could only be stored in memory is refused', () =>
  withCommands('none', async ({ home, command }) => {
    writeFileSync(join(home.path, 'config.toml'), 'cli_auth_credentials_store = "ephemeral"\n');
    expect(await outcome(command('login --device-auth'))).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error: a login cannot be stored, as config.toml sets cli_auth_credentials_store to "ephemeral"; set it to "file", "keyring" or "auto"\n',
    });
  }));
