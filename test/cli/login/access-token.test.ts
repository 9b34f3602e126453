import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loginWithTyped, printed } from './typed-secret.js';
import { type CommandFixture, outcome, storedLogin, withCommands } from '../../support/processes/commands.js';
import { withIssuer } from '../../support/network/recording-issuer.js';
import { shownMode } from '../../support/files/shown-mode.js';

const reading = 'Reading access token from stdin...\n';
const failed = 'Error logging in with access token: ';

function signIn(
  { command }: CommandFixture,
  input: string | Uint8Array,
  environment?: Readonly<Record<string, string>>,
): Promise<unknown> {
  const login = command('login --with-access-token', environment);
  // It may stop to read before the end.
  login.child.stdin.on('error', () => undefined);
  login.child.stdin.end(input);
  return outcome(login);
}

test.each(['at-canary\n', 'at-canary', ' \tat-canary \r\n\n'])(
  'login --with-access-token stores the token of %j in place of the login, and revokes nothing',
  (input) =>
    withCommands('chatgpt', async (fixture) => {
      const { authPath, backend } = fixture;
      expect(await signIn(fixture, input)).toEqual({
        code: 0,
        stdout: '',
        stderr: `${reading}Successfully logged in\n`,
      });
      expect(readFileSync(authPath, 'utf8')).toBe(
        JSON.stringify({ OPENAI_API_KEY: null, personal_access_token: 'at-canary' }, null, 2),
      );
      expect(statSync(authPath).mode & 0o777).toBe(shownMode(0o600));
      expect(
        backend.requests.map(({ method, url, headers }) => [method, url, headers.authorization]),
      ).toEqual([['GET', '/v1/user-auth-credential/whoami', 'Bearer at-canary']]);
    }),
);

const header =
  'failed to request personal access token metadata: failed to build route-aware request: failed to parse header value';
const jwt = ['{"alg":"none"}', '{"email":"canary@example.com"}', 'canary']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

test.each<[what: string, input: string | Uint8Array, stderr: string]>([
  ['nothing', '', 'No access token provided via stdin.\n'],
  ['white space', ' \n\t\n', 'No access token provided via stdin.\n'],
  [
    'two lines',
    'at-canary\nat-canary-two\n',
    `The access token has to be alone, on one line.\n${failed}${header}\n`,
  ],
  [
    'another token',
    'canary',
    `${failed}failed to decode agent identity JWT: invalid agent identity JWT format\n`,
  ],
  [
    'a token in capitals',
    'AT-canary',
    `${failed}failed to decode agent identity JWT: invalid agent identity JWT format\n`,
  ],
  [
    'a JSON web token',
    jwt,
    `${failed}failed to decode agent identity JWT: invalid credential JSON (only Codex can use an agent identity)\n`,
  ],
  [
    'a token that the issuer refuses',
    'at-',
    `${failed}personal access token metadata request failed with status 401 Unauthorized\n`,
  ],
  [
    'bytes that are not UTF-8',
    Buffer.from('at-canary\xff', 'latin1'),
    'Failed to read stdin: stream did not contain valid UTF-8\n',
  ],
  ['a big file', 'at-'.repeat(100_000), 'Failed to read stdin: it has more than 65536 bytes\n'],
])('login --with-access-token refuses %s, and the old login stays', (_what, input, stderr) =>
  withCommands('chatgpt', async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    expect(await signIn(fixture, input)).toEqual({ code: 1, stdout: '', stderr: reading + stderr });
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
  }),
);

test.each([
  ['forced_login_method = "api"', 'Access token login is disabled. Use API key login instead.', 0],
  ['forced_chatgpt_workspace_id = [" x ", ""]', `${failed}Login is restricted to workspace id(s) x.`, 1],
])('login --with-access-token with %j in config.toml is refused', (line, reason, asked) =>
  withCommands('none', async (fixture) => {
    writeFileSync(join(fixture.home.path, 'config.toml'), `${line}\n`);
    expect(await signIn(fixture, 'at-canary')).toEqual({
      code: 1,
      stdout: '',
      stderr: `${reading}${reason}\n`,
    });
    expect([fixture.backend.requests.length, existsSync(fixture.authPath)]).toEqual([asked, false]);
  }),
);

test('login --with-access-token with a broken config.toml asks nothing', () =>
  withCommands('none', async (fixture) => {
    writeFileSync(join(fixture.home.path, 'config.toml'), '= broken\n');
    expect(await signIn(fixture, 'at-canary')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /\nError loading configuration: invalid configuration at .+config\.toml:1:1\n$/,
      ) as unknown,
    });
    expect(fixture.backend.requests).toEqual([]);
  }));

test('login --with-access-token refuses a reply that does not fit, and does not show it', () =>
  withIssuer(
    ({ url }) =>
      withCommands('none', async (fixture) => {
        expect(await signIn(fixture, 'at-canary', { CODEX_AUTHAPI_BASE_URL: url })).toEqual({
          code: 1,
          stdout: '',
          stderr: `${reading}${failed}failed to decode personal access token metadata: error decoding response body\n`,
        });
        expect(existsSync(fixture.authPath)).toBe(false);
      }),
    (response) => response.end('{"email":"canary@example.com"}'),
  ));

test('login --with-access-token also replaces a login of another program', () =>
  withCommands('none', async (fixture) => {
    writeFileSync(fixture.authPath, '{"auth_mode":"chatgptAuthTokens"}');
    expect(await signIn(fixture, 'at-canary')).toMatchObject({ code: 0 });
    expect(storedLogin(fixture.authPath)).not.toHaveProperty('auth_mode');
  }));

test('login --with-access-token does not accept a token that is typed', async () => {
  expect(await loginWithTyped('--with-access-token', 'at-canary')).toEqual([
    1,
    `--with-access-token expects the access token on stdin. Try piping it, e.g. \`${printed('CODEX_ACCESS_TOKEN')} | codex-account-server login --with-access-token\`.\n`,
  ]);
});

test('login does not read two secrets', () =>
  withCommands('none', async ({ command }) => {
    expect(await outcome(command('login --with-api-key --with-access-token'))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Choose one login credential source: --with-api-key or --with-access-token.\n',
    });
  }));

test.each(['login --with-access-token at-canary', 'login --with-access-token=at-canary'])(
  'a token as an argument is wrong usage, and is not repeated',
  (line) =>
    withCommands('none', async ({ command }) => {
      const { code, stderr } = (await outcome(command(line))) as { code: number; stderr: string };
      expect(code).toBe(2);
      expect(stderr).not.toContain('canary');
    }),
);

test('login --with-api-key refuses bytes that are not UTF-8', () =>
  withCommands('none', async ({ command, authPath }) => {
    const login = command('login --with-api-key');
    login.child.stdin.end(Buffer.from('sk-canary\xff', 'latin1'));
    expect(await outcome(login)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Reading API key from stdin...\nFailed to read stdin: stream did not contain valid UTF-8\n',
    });
    expect(existsSync(authPath)).toBe(false);
  }));
