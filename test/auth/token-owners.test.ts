import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { mode, owner, pat, tokens, withMode, withTokens } from './mode-fixture.js';

const expired = unsignedJwt({ exp: 1_000_000_000 });

test('a stored login of another program is never refreshed, and rules other logins out until a logout', () =>
  withMode(
    mode('chatgptAuthTokens', { ...withTokens, tokens: { ...tokens, access_token: expired } }),
    async ({ call, calls, read, backend, server }) => {
      backend.script('usage', { status: 401 });
      await call('account/read', { refreshToken: true });
      expect(await read()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
      const other = await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' });
      expect(other).toMatchObject({
        error: { code: -32600, message: expect.stringMatching(/^External auth is active\. /) as unknown },
      });
      await call('account/logout');
      expect(await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' })).toHaveProperty('result');
      expect(calls).toEqual([]);
      expect(server.log).toEqual([
        'ERROR the access token has expired, and this login cannot be refreshed here: store a new token, or sign in again\n',
      ]);
    },
  ));

test.each([
  ['forced_login_method = "api"\n', 'apiKey'],
  ['forced_chatgpt_workspace_id = "account-other"\n', 'apiKey'],
])('with %j a stored login of another program counts as none', (config) =>
  withMode(
    mode('chatgptAuthTokens', withTokens),
    async ({ call }) => {
      expect(await call('getAuthStatus', {})).toMatchObject({ result: { authMethod: null } });
      expect(await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' })).toHaveProperty('result');
    },
    { config },
  ),
);

test.each([
  [
    'is refused',
    (response: ServerResponse) => response.writeHead(401).end(),
    'request failed with status 401 Unauthorized',
    1,
  ],
  [
    'is of someone without a fedramp mark',
    (response: ServerResponse) =>
      response.end(JSON.stringify({ ...owner, chatgpt_account_is_fedramp: undefined })),
    ': error decoding response body',
    2,
  ],
])(
  'a personal access token that %s signs no one in, and the log says why, once',
  (_what, answer, reason, asked) =>
    withMode(
      mode('personalAccessToken', pat),
      async ({ read, server, calls }) => {
        expect(await read()).toMatchObject({ error: { data: { kind: 'authRequired' } } });
        expect(await read()).toMatchObject({ error: { data: { kind: 'authRequired' } } });
        expect(server.log).toEqual([
          expect.stringMatching(/^ERROR the personal access token was not recognised: /),
        ]);
        expect(server.log[0]).toContain(reason);
        // An answer that cannot be read does not say whose token it is.
        expect(calls).toHaveLength(asked);
      },
      {},
      answer,
    ),
);

test('without a refresh token a logout revokes the access token, without a client id', () =>
  withMode(
    mode('chatgpt', { ...withTokens, tokens: { ...tokens, refresh_token: '' } }),
    async ({ call, calls }) => {
      await call('account/logout', {});
      const body = { token: 'canary-access-token', token_type_hint: 'access_token' };
      expect(calls).toEqual([['POST', '/', body]]);
    },
  ));

test('a logout does not change an auth.json that is not UTF-8', () =>
  withMode('none', async ({ call, authPath, server }) => {
    const bytes = Buffer.from('{"OPENAI_API_KEY":"sk-1\xff"}', 'latin1');
    writeFileSync(authPath, bytes);
    expect(await call('account/logout')).toMatchObject({
      error: {
        code: -32603,
        message: 'logout failed: failed to deserialize CLI auth from file: is not UTF-8',
        data: { kind: 'authFileInvalid' },
      },
    });
    expect(readFileSync(authPath)).toEqual(bytes);
    expect(server.log).toEqual([`ERROR cannot use ${authPath}: is not UTF-8\n`]);
  }));
