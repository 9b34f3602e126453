import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';
import { completed, lineWithoutTime, updated } from '../../support/notifications.js';
import { shownMode } from '../../support/files/shown-mode.js';
import { unixTest } from '../../support/unix-test.js';

const signedOut = { auth: 'none' } as const;

function loginWith({ call }: AccountFixture, apiKey = 'sk-new'): Promise<Record<string, unknown>> {
  return call('account/login/start', { type: 'apiKey', apiKey });
}

function refusal(code: number, message: string, kind: string): object {
  return { error: { code, message, data: { kind } } };
}

test('a login with an API key sends the answer, then account/login/completed, then account/updated', () =>
  withAccount(signedOut, async ({ server }) => {
    server.write(
      '{"id":"login","method":"account/login/start","params":{"type":"apiKey","apiKey":"sk-new"}}\n',
    );
    const lines = await server.untilLines(4);
    expect(lines.slice(1).map(lineWithoutTime)).toEqual([
      { id: 'login', result: { type: 'apiKey' } },
      completed(),
      updated('apikey'),
    ]);
  }));

test.each(['sk-new', '', '  sk 1\n', '密"\\'])(
  'the key %j is stored unchanged, and only the owner can read it',
  (apiKey) =>
    withAccount({ auth: chatgptLogin() }, async (fixture) => {
      await loginWith(fixture, apiKey);
      expect([readFileSync(fixture.authPath, 'utf8'), statSync(fixture.authPath).mode & 0o777]).toEqual([
        `{\n  "auth_mode": "apikey",\n  "OPENAI_API_KEY": ${JSON.stringify(apiKey)}\n}`,
        shownMode(0o600),
      ]);
    }),
);

test('a login of the client is reported once, and a later login of another program too', () =>
  withAccount(signedOut, async (fixture) => {
    await loginWith(fixture);
    await fixture.call('getAuthStatus', {});
    writeJson(fixture.authPath, chatgptLogin());
    await fixture.call('getAuthStatus', {});
    const notifications = fixture.server.lines
      .map(lineWithoutTime)
      .filter((line) => 'method' in (line as object));
    expect(notifications).toEqual([completed(), updated('apikey'), updated('chatgpt', 'pro')]);
  }));

test('notifications that the client opted out of are not sent', () =>
  withAccount(
    {
      ...signedOut,
      capabilities: { optOutNotificationMethods: ['account/login/completed', 'account/updated'] },
    },
    async (fixture) => {
      await loginWith(fixture);
      await fixture.call('account/logout');
      expect(fixture.server.lines).toHaveLength(3);
    },
  ));

test('a read-only auth.json is unchanged, and the login fails', () =>
  withAccount({ auth: chatgptLogin() }, async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    chmodSync(fixture.authPath, 0o400);
    expect(await loginWith(fixture)).toEqual(
      refusal(-32603, 'failed to save api key: credential file is read-only', 'loginFailed'),
    );
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
    expect(await fixture.call('getAuthStatus', {})).toMatchObject({ result: { authMethod: 'chatgpt' } });
    expect(fixture.server.lines).toHaveLength(3);
  }));

unixTest('the login fails if auth.json is a directory', () =>
  withAccount(signedOut, async (fixture) => {
    mkdirSync(fixture.authPath);
    expect(await loginWith(fixture)).toEqual(
      refusal(-32603, 'failed to save api key: Is a directory (os error 21)', 'loginFailed'),
    );
  }),
);

unixTest('the login fails if there is no keyring', () =>
  withAccount({ ...signedOut, config: 'cli_auth_credentials_store = "keyring"\n' }, async (fixture) => {
    const { error } = (await loginWith(fixture)) as {
      error: { code: number; message: string; data: object };
    };
    expect(error).toMatchObject({ code: -32603, data: { kind: 'authStoreUnavailable' } });
    expect(error.message).toMatch(/^failed to save api key: failed to write OAuth tokens to keyring: ./);
    expect(existsSync(fixture.authPath)).toBe(false);
  }),
);

test('config.toml can forbid API keys', () =>
  withAccount({ ...signedOut, config: 'forced_login_method = "chatgpt"\n' }, async (fixture) => {
    expect(await loginWith(fixture)).toEqual(
      refusal(-32600, 'API key login is disabled. Use ChatGPT login instead.', 'unsupported'),
    );
    expect(existsSync(fixture.authPath)).toBe(false);
  }));

test.each(['chatgpt', 'chatgptDeviceCode'])('config.toml can forbid a login of the type %s', (type) =>
  withAccount({ ...signedOut, config: 'forced_login_method = "api"\n' }, async ({ call }) => {
    expect(await call('account/login/start', { type })).toEqual(
      refusal(-32600, 'ChatGPT login is disabled. Use API key login instead.', 'unsupported'),
    );
  }),
);

test('with a broken config.toml nothing is stored', () =>
  withAccount({ auth: chatgptLogin(), config: 'forced_login_method = 5\n' }, async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    const message = `invalid configuration at ${join(dirname(fixture.authPath), 'config.toml')}: forced_login_method`;
    expect(await loginWith(fixture)).toEqual(refusal(-32603, message, 'configInvalid'));
    expect(await fixture.call('account/logout')).toEqual(refusal(-32603, message, 'configInvalid'));
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
  }));

test.each([
  ['usage', 'account/rateLimits/read', 'failed to fetch codex rate limits'],
  ['profile', 'account/usage/read', 'failed to fetch token usage profile'],
  ['workspaceMessages', 'account/workspaceMessages/read', 'failed to fetch workspace messages'],
] as const)('a login with an API key fails a read of %s that is in flight', (endpoint, method, prefix) =>
  withAccount({ auth: chatgptLogin({}, { last_refresh: new Date().toISOString() }) }, async (fixture) => {
    const next = holdEndpoint(fixture.backend, endpoint);
    const read = fixture.call(method);
    await next();
    await loginWith(fixture);
    expect(await read).toEqual(
      refusal(-32603, `${prefix}: application network permission was revoked`, 'unauthorized'),
    );
  }),
);

test('a read after a login does not share the request of a read before it', () =>
  withAccount({ auth: 'none', capabilities: { experimentalApi: true } }, async (fixture) => {
    const next = holdEndpoint(fixture.backend, 'usage');
    const params = { type: 'chatgptAuthTokens', accessToken: hostToken, chatgptAccountId: 'account-dev' };
    await fixture.call('account/login/start', params);
    const first = fixture.read();
    const one = await next();
    await fixture.call('account/login/start', params);
    const second = fixture.read();
    const two = await next();
    two.answer({ plan_type: 'pro' });
    one.answer({ plan_type: 'plus' });
    expect([await first, await second]).toMatchObject([
      { result: { rateLimits: { planType: 'plus' } } },
      { result: { rateLimits: { planType: 'pro' } } },
    ]);
  }));

const hostToken = 'e30.e30.c2ln';
