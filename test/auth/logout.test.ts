import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devEnvironment } from '../../src/dev-backend/environment.js';
import { withAccount, writeJson } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { startBuiltServer, withBuiltServer } from '../support/processes/built-server.js';
import { holdEndpoint } from '../support/network/held-endpoint.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { mountedAlone, mounting, whyNotMounting } from '../support/files/mounting.js';
import { lineWithoutTime, updated } from '../support/notifications.js';
import { withIssuer } from '../support/network/recording-issuer.js';
import { unixTest } from '../support/unix-test.js';

const fresh = { last_refresh: new Date().toISOString() };
const apiKey = { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' };
const revocation = (token: string, hint: string): object => ({
  token,
  token_type_hint: hint,
  client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
});

test('a logout revokes the refresh token, deletes auth.json, and is reported after its answer', () =>
  withIssuer(({ url, calls }) =>
    withAccount(
      { auth: chatgptLogin({}, fresh), authEnvironment: { revokeTokenUrl: `${url}/away?x` } },
      async ({ server, authPath }) => {
        server.write('{"id":"out","method":"account/logout"}\n');
        const lines = await server.untilLines(3);
        expect(lines.slice(1).map(lineWithoutTime)).toEqual([{ id: 'out', result: {} }, updated(null)]);
        expect(calls).toEqual([['POST', '/away?x', revocation('canary-refresh-token', 'refresh_token')]]);
        expect(existsSync(authPath)).toBe(false);
      },
    ),
  ));

test('the revoke URL is derived from the refresh URL, and the client id comes from the environment', () =>
  withIssuer(({ url, calls }) =>
    withAccount(
      {
        auth: chatgptLogin({}, fresh),
        authEnvironment: {
          refreshTokenUrl: `${url}/oauth/token?x=1`,
          revokeTokenUrl: undefined,
          loginClientId: 'my-client',
        },
      },
      async ({ call }) => {
        await call('account/logout', {});
        const body = { ...revocation('canary-refresh-token', 'refresh_token'), client_id: 'my-client' };
        expect(calls).toEqual([['POST', '/oauth/revoke', body]]);
      },
    ),
  ));

test.each([
  ['no login', 'none'],
  ['an API key', apiKey],
])('a logout with %s revokes nothing, and is reported each time', (_what, auth) =>
  withIssuer(({ url, calls }) =>
    withAccount({ auth, authEnvironment: { revokeTokenUrl: url } }, async ({ server, call, authPath }) => {
      expect([await call('account/logout'), await call('account/logout', null)]).toEqual([
        { result: {} },
        { result: {} },
      ]);
      await server.untilLines(5);
      expect(server.lines.map(lineWithoutTime).filter((line) => 'method' in (line as object))).toEqual([
        updated(null),
        updated(null),
      ]);
      expect([calls, existsSync(authPath)]).toEqual([[], false]);
    }),
  ),
);

test('a logout deletes the login even if the issuer refuses to revoke it', () =>
  withIssuer(
    ({ url }) =>
      withAccount(
        { auth: chatgptLogin({}, fresh), authEnvironment: { revokeTokenUrl: url } },
        async ({ call, authPath }) => {
          expect([await call('account/logout'), existsSync(authPath)]).toEqual([{ result: {} }, false]);
        },
      ),
    (response) => response.writeHead(500).end(),
  ));

test('a logout waits ten seconds for an issuer that does not answer', () => {
  const clock = createManualClock();
  return withIssuer(
    ({ url }) =>
      withAccount(
        { auth: chatgptLogin(), clock, authEnvironment: { revokeTokenUrl: url } },
        async ({ call, authPath }) => {
          const logout = call('account/logout');
          await clock.untilSet(10_000);
          clock.fire(10_000);
          expect([await logout, existsSync(authPath)]).toEqual([{ result: {} }, false]);
        },
      ),
    () => undefined,
  );
});

test.each(['{nope', '[]', '', '{"auth_mode":"other"}', '{"tokens":{"id_token":1}}'])(
  'a logout does not change the malformed auth.json %j',
  (auth) =>
    withAccount({ auth }, async ({ call, server, authPath }) => {
      const { error } = (await call('account/logout')) as { error: { message: string } };
      expect(error).toMatchObject({ code: -32603, data: { kind: 'authFileInvalid' } });
      expect(error.message).toMatch(/^logout failed: failed to deserialize CLI auth from file: ./);
      expect([readFileSync(authPath, 'utf8'), server.lines.length]).toEqual([auth, 2]);
    }),
);

unixTest('the logout fails if auth.json is a directory', () =>
  withAccount({ auth: 'none' }, async ({ call, authPath }) => {
    mkdirSync(authPath);
    expect(await call('account/logout')).toEqual({
      error: {
        code: -32603,
        message: 'logout failed: Is a directory (os error 21)',
        data: { kind: 'authFileInvalid' },
      },
    });
  }),
);

test('a read-only auth.json is deleted too', () =>
  withAccount({ auth: apiKey }, async ({ call, authPath }) => {
    chmodSync(authPath, 0o400);
    expect([await call('account/logout'), existsSync(authPath)]).toEqual([{ result: {} }, false]);
  }));

test.skipIf(!mounting)(`a logout revokes nothing if auth.json is a mount point${whyNotMounting}`, () =>
  withBuiltServer({ args: ['--version'] }, async ({ backend, home }) => {
    const authPath = join(home.path, 'auth.json');
    const before = readFileSync(authPath, 'utf8');
    const logout = startBuiltServer({
      args: ['logout'],
      environment: { CODEX_HOME: home.path, HOME: home.path, ...devEnvironment(backend.url) },
      launcher: mountedAlone(authPath),
    });
    const { code } = await logout.exited;
    expect({ code, stderr: logout.stderr(), requests: backend.requests }).toEqual({
      code: 1,
      stderr: 'Error logging out: logout failed: Resource busy (os error 16)\n',
      requests: [],
    });
    expect(readFileSync(authPath, 'utf8')).toBe(before);
  }),
);

unixTest('with the store auto and no keyring a logout fails, revokes nothing and keeps the file', () =>
  withIssuer(({ url, calls }) =>
    withAccount(
      {
        auth: chatgptLogin({}, fresh),
        config: 'cli_auth_credentials_store = "auto"\n',
        authEnvironment: { revokeTokenUrl: url },
      },
      async ({ call, authPath }) => {
        const { error } = (await call('account/logout')) as { error: { message: string } };
        expect(error).toMatchObject({ code: -32603, data: { kind: 'authStoreUnavailable' } });
        expect(error.message).toMatch(/^logout failed: failed to delete auth from keyring: ./);
        expect([calls.length, existsSync(authPath)]).toEqual([0, true]);
      },
    ),
  ),
);

test('a logout fails a read that is in flight, and waits for an earlier consume', () =>
  withAccount({ auth: chatgptLogin({}, fresh) }, async ({ backend, call, read, consume }) => {
    const usage = holdEndpoint(backend, 'usage');
    const consumption = holdEndpoint(backend, 'consume');
    const limits = read();
    const consumed = consume();
    await usage();
    const sent = await consumption();
    const logout = call('account/logout');
    sent.answer({ code: 'reset', windows_reset: 1 });
    expect([await consumed, await logout, await limits]).toEqual([
      { result: { outcome: 'reset' } },
      { result: {} },
      {
        error: {
          code: -32603,
          message: 'failed to fetch codex rate limits: application network permission was revoked',
          data: { kind: 'unauthorized' },
        },
      },
    ]);
  }));

test('a logout fails a read that still waits for the reset credits', () =>
  withAccount({ auth: chatgptLogin({}, fresh) }, async ({ backend, call, read }) => {
    const credits = holdEndpoint(backend, 'credits');
    const limits = read({});
    await credits();
    expect([await call('account/logout'), await limits]).toMatchObject([
      { result: {} },
      { error: { data: { kind: 'unauthorized' } } },
    ]);
  }));

test('a logout deletes auth.json, and a token of the environment stays in use', () =>
  withIssuer(
    ({ url, calls }) =>
      withAccount(
        { auth: apiKey, authEnvironment: { accessToken: 'at-1', authApiBaseUrl: url, revokeTokenUrl: url } },
        async ({ call, server, authPath }) => {
          await call('account/logout');
          expect(lineWithoutTime((await server.untilLines(3))[2] ?? '')).toEqual(
            updated('personalAccessToken', 'pro'),
          );
          expect(existsSync(authPath)).toBe(false);
          expect(calls.map(([, path]) => path)).toEqual(['/v1/user-auth-credential/whoami']);
        },
      ),
    (response) =>
      response.end(
        JSON.stringify({
          email: null,
          chatgpt_user_id: 'user-1',
          chatgpt_account_id: 'account-1',
          chatgpt_plan_type: 'pro',
          chatgpt_account_is_fedramp: false,
        }),
      ),
  ));

test('after a logout, a login and a logout of another program are reported', () =>
  withAccount({ auth: apiKey }, async ({ call, server, authPath }) => {
    await call('account/logout');
    writeJson(authPath, apiKey);
    await call('getAuthStatus', {});
    rmSync(authPath);
    await call('getAuthStatus', {});
    expect(server.lines.map(lineWithoutTime).filter((line) => 'method' in (line as object))).toEqual([
      updated(null),
      updated('apikey'),
      updated(null),
    ]);
  }));
