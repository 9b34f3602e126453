import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { hostLogin, oldToken, tokenOf, withHostTokens } from '../../support/host-tokens.js';
import { completed, lineWithoutTime, updated } from '../../support/notifications.js';
import { withIssuer } from '../../support/network/recording-issuer.js';

test('a login with tokens of the client is completed and reported, and nothing is stored', () =>
  withHostTokens({}, async ({ server, call, authPath }) => {
    expect(server.lines.slice(1).map(lineWithoutTime)).toEqual([
      { id: 2, result: { type: 'chatgptAuthTokens' } },
      completed(),
      updated('chatgptAuthTokens', 'plus'),
    ]);
    expect(await call('getAuthStatus', { includeToken: true })).toEqual({
      result: { authMethod: 'chatgptAuthTokens', authToken: oldToken, requiresOpenaiAuth: true },
    });
    expect(existsSync(authPath)).toBe(false);
  }));

test.each([
  ['PRO', 'pro'],
  ['gold', 'unknown'],
  [null, 'plus'],
])('the plan %j of the client is %s', (chatgptPlanType, planType) =>
  withHostTokens({}, async ({ call }) => {
    await call('account/login/start', { ...hostLogin, chatgptPlanType });
    expect(await call('account/read', {})).toMatchObject({ result: { account: { planType } } });
  }),
);

test('requests have the token and the account of the client, not the stored ones', () =>
  withHostTokens({ auth: chatgptLogin() }, async ({ call, read, backend, authPath }) => {
    const before = readFileSync(authPath, 'utf8');
    await call('account/login/start', { ...hostLogin, chatgptAccountId: 'account-other' });
    await read();
    expect(backend.requests.map(({ headers }) => headers)).toMatchObject([
      { authorization: `Bearer ${oldToken}`, 'chatgpt-account-id': 'account-other' },
    ]);
    expect(readFileSync(authPath, 'utf8')).toBe(before);
  }));

test.each(['opaque', '', 'a.b', 'a.!!.c'])(
  'the access token %j is refused, and the old one stays in use',
  (accessToken) =>
    withHostTokens({}, async (fixture) => {
      expect(await fixture.call('account/login/start', { ...hostLogin, accessToken })).toEqual({
        error: {
          code: -32603,
          message: 'failed to set external auth: invalid ID token format',
          data: { kind: 'loginFailed' },
        },
      });
      expect(await tokenOf(fixture)).toBe(oldToken);
    }),
);

test.each([{ type: 'apiKey', apiKey: 'sk' }, { type: 'chatgpt' }, { type: 'chatgptDeviceCode' }])(
  'a login of the type $type is refused while the client owns the tokens',
  (params) =>
    withHostTokens({}, async ({ call, authPath }) => {
      expect(await call('account/login/start', params)).toEqual({
        error: {
          code: -32600,
          message:
            'External auth is active. Use account/login/start (chatgptAuthTokens) to update it or account/logout to clear it.',
          data: { kind: 'invalidRequest' },
        },
      });
      expect(existsSync(authPath)).toBe(false);
    }),
);

test.each([
  ['forced_login_method = "api"', 'External ChatGPT auth is disabled. Use API key login instead.'],
  [
    'forced_chatgpt_workspace_id = ["a", "b"]',
    'External auth must use one of workspace(s) ["a", "b"], but received "account-dev".',
  ],
  [
    'forced_chatgpt_workspace_id = "ws-9"',
    'External auth must use one of workspace(s) ["ws-9"], but received "account-dev".',
  ],
])('with %s tokens of the client are refused', (config, message) =>
  withAccount(
    { auth: 'none', capabilities: { experimentalApi: true }, config: `${config}\n` },
    async ({ call }) => {
      expect(await call('account/login/start', hostLogin)).toEqual({
        error: { code: -32600, message, data: { kind: 'unsupported' } },
      });
    },
  ),
);

test('a logout forgets the tokens, revokes nothing, and deletes auth.json too', () =>
  withIssuer(({ url, calls }) =>
    withHostTokens(
      { auth: chatgptLogin(), authEnvironment: { revokeTokenUrl: url } },
      async ({ call, server, authPath }) => {
        await call('account/logout');
        const status = await call('getAuthStatus', {});
        expect(status).toMatchObject({ result: { authMethod: null } });
        expect([calls, existsSync(authPath)]).toEqual([[], false]);
        expect(server.lines.slice(5).map(lineWithoutTime)).toEqual([updated(null), { id: 4, ...status }]);
      },
    ),
  ));
