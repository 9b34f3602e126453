import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';
import { unsignedJwt } from '../../../src/dev-backend/issuer/login-tokens.js';
import type { LoginStatusReport } from '../../../src/protocol/schema/reports/login-status-report.js';
import { type CommandFixture, outcome, withCommands } from '../../support/processes/commands.js';
import { hasTerminals, startOnTerminal } from '../../support/processes/terminal.js';

const day = 86_400;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const expiringAt = (exp: number): string => unsignedJwt({ exp });
// A search for secrets in all output does not know this address.
const email = 'person@example.org';
const idToken = idTokenWith({ chatgpt_account_id: 'account-dev' }, { email });

async function run({ command }: CommandFixture, line: string, environment = {}): Promise<Run> {
  return (await outcome(command(line, { TZ: 'UTC', ...environment }))) as Run;
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const nobody: LoginStatusReport = {
  version: 1,
  isSignedIn: false,
  method: null,
  accountId: null,
  userId: null,
  email: null,
  planType: null,
  storedIn: null,
  path: null,
  accessTokenExpiresAt: null,
  lastRefreshedAt: null,
  check: null,
};
const dev = { accountId: 'account-dev', userId: 'user-dev', planType: 'pro' };

test('login status --verbose shows the details on stdout', () =>
  withCommands('none', async (fixture) => {
    const access_token = expiringAt(nowSeconds() + 10 * day);
    writeJson(fixture.authPath, chatgptLogin({ id_token: idToken, access_token }));
    const { code, stdout, stderr } = await run(fixture, 'login status --verbose', { COLUMNS: '200' });
    expect([code, stderr]).toEqual([0, 'Logged in using ChatGPT\n']);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'Account    account-dev',
      `E-mail     ${email}`,
      'Plan       pro',
      `Stored in  ${fixture.authPath}`,
    ]);
    expect(stdout).toMatch(/\nToken {6}expires .*; it is refreshed before that\nRefreshed .* ago\n$/);
    expect(stdout).not.toContain(access_token);
  }));

test('login status --json describes a login with ChatGPT', () =>
  withCommands('none', async (fixture) => {
    const exp = nowSeconds() + day;
    writeJson(fixture.authPath, chatgptLogin({ id_token: idToken, access_token: expiringAt(exp) }));
    const { code, stdout, stderr } = await run(fixture, 'login status --json');
    expect([code, stderr, JSON.parse(stdout)]).toEqual([
      0,
      '',
      {
        ...nobody,
        ...dev,
        isSignedIn: true,
        method: 'chatgpt',
        email,
        storedIn: 'file',
        path: fixture.authPath,
        accessTokenExpiresAt: exp,
        lastRefreshedAt: 1_767_225_600,
      },
    ]);
    expect(fixture.backend.requests).toEqual([]);
  }));

const owner = {
  email,
  chatgpt_user_id: 'user-dev',
  chatgpt_account_id: 'account-dev',
  chatgpt_plan_type: 'pro',
  chatgpt_account_is_fedramp: false,
};

test.each([
  ['an API key', { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-canary' }, { method: 'apiKey' }],
  [
    'a personal access token',
    { personal_access_token: 'at-canary' },
    { ...dev, method: 'personalAccessToken', email },
  ],
  [
    'tokens of another program',
    chatgptLogin({ id_token: idToken }, { auth_mode: 'chatgptAuthTokens' }),
    { ...dev, method: 'chatgptAuthTokens', email, lastRefreshedAt: 1_767_225_600 },
  ],
  ['no tokens at all', '{}', { method: 'chatgpt' }],
])('login status --json says what is known of %s', (_what, auth, known) =>
  withCommands('none', async (fixture) => {
    writeJson(fixture.authPath, auth);
    fixture.backend.script('whoami', { body: owner });
    const { code, stdout, stderr } = await run(fixture, 'login status --json');
    const place = { isSignedIn: true, storedIn: 'file', path: fixture.authPath };
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', { ...nobody, ...place, ...known }]);
  }),
);

test('login status --json of a login that cannot be used has the error', () =>
  withCommands('none', async (fixture) => {
    writeFileSync(fixture.authPath, '{"a":');
    const { code, stdout, stderr } = await run(fixture, 'login status --json');
    const message = `failed to deserialize CLI auth from file: ${fixture.authPath}: not JSON`;
    const data = { kind: 'authFileInvalid' };
    expect([code, stderr, JSON.parse(stdout)]).toEqual([
      1,
      '',
      { ...nobody, error: { message, kind: data.kind, data } },
    ]);
  }));

test('login status --json without a login', () =>
  withCommands('none', async (fixture) => {
    const { code, stdout, stderr } = await run(fixture, 'login status --json');
    expect([code, stderr, JSON.parse(stdout)]).toEqual([1, '', nobody]);
  }));

test('login status --check asks the backend with one request', () =>
  withCommands('chatgpt', async (fixture) => {
    expect(await run(fixture, 'login status --check')).toEqual({
      code: 0,
      stdout: 'The backend accepts this login.\n',
      stderr: 'Logged in using ChatGPT\n',
    });
    expect(fixture.backend.requests.map(({ url }) => url)).toEqual(['/api/codex/usage']);
  }));

test('login status --check refreshes tokens that are due, and shows the new ones', () =>
  withCommands('chatgpt', async (fixture) => {
    const { authPath, backend } = fixture;
    writeJson(authPath, chatgptLogin({ id_token: idToken, access_token: expiringAt(nowSeconds()) }));
    backend.script('usage', { body: { plan_type: 'pro', rate_limit: { allowed: true } } });
    const access_token = expiringAt(nowSeconds() + day);
    backend.script('token', { body: { access_token } });
    const { code, stdout } = await run(fixture, 'login status --check --verbose');
    expect([code, backend.requests.map(({ url }) => url)]).toEqual([0, ['/oauth/token', '/api/codex/usage']]);
    expect(stdout).toMatch(/Token {6}expires .*in 23 h 59 min|Token {6}expires .*in 1 d 0 h/);
  }));

test('login status --check of a revoked login exits with 1', () =>
  withCommands('chatgpt', async (fixture) => {
    fixture.backend.script('usage', { status: 401, body: {} });
    fixture.backend.script('token', { status: 401, body: { error: { code: 'refresh_token_expired' } } });
    expect(await run(fixture, 'login status --check')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Logged in using ChatGPT\nThe login has expired or was revoked. To sign in again: codex-account-server\nlogin\n',
    });
  }));

test('login status --check of a workspace that is deactivated exits with 1', () =>
  withCommands('chatgpt', async (fixture) => {
    writeJson(
      fixture.authPath,
      chatgptLogin({ id_token: idToken, access_token: expiringAt(nowSeconds() + day) }),
    );
    fixture.backend.script('usage', { status: 403, body: { detail: { code: 'deactivated_workspace' } } });
    const { code, stdout } = await run(fixture, 'login status --check --json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      {
        isSignedIn: true,
        check: { verdict: 'invalid' },
        error: { kind: 'backendStatus', data: { reason: 'deactivatedWorkspace' } },
      },
    ]);
  }));

test.each([
  ['that answers with 500', 'chatgpt', /^The backend answered with status 500\b/],
  ['that has no say, as with an API key', 'apiKey', /^Cannot check the login: that can be done only for/],
] as const)('login status --check with a backend %s exits with 4', (_what, auth, sentence) =>
  withCommands(auth, async (fixture) => {
    fixture.backend.script('usage', { status: 500, body: {} });
    const { code, stdout, stderr } = await run(fixture, 'login status --check');
    const [before, after = ''] = stderr
      .replaceAll('\n', ' ')
      .split('It is not known whether the login is still valid. ');
    expect([code, stdout, before]).toEqual([4, '', expect.stringMatching(/^(Logged in|API key)/)]);
    expect(after).toMatch(sentence);
  }),
);

test.each(['--verbose', '--check', '--json'])('login %s without status is wrong usage', (option) =>
  withCommands('none', async (fixture) => {
    const { code, stderr } = await run(fixture, `login ${option}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${option} is for login status`)]);
  }),
);

test.skipIf(!hasTerminals)('login status on a terminal shows the details', () =>
  withCommands('chatgpt', async ({ home }) => {
    const environment = { HOME: home.path, CODEX_HOME: home.path, TZ: 'UTC', LANG: 'C.UTF-8' };
    const terminal = startOnTerminal(['login', 'status'], { environment });
    expect(await terminal.ended).toEqual({
      status: 0,
      stderr: 'Logged in using ChatGPT\n',
      isRestored: true,
    });
    expect(terminal.written()).toMatch(/^Account {4}account-dev\r\nE-mail {5}dev@example\.com\r\n/);
  }),
);
