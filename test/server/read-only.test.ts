import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Method, methods } from '../../src/protocol/methods.js';
import { withAccount } from '../support/account-fixture.js';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { chatgptLogin } from '../support/auth-file.js';
import { withIssuer } from '../support/network/recording-issuer.js';

/** Valid params of every sort for each method. The compiler requires those of a new method. */
const calls: Record<Method, readonly object[]> = {
  initialize: [{ clientInfo: { name: 'again', version: '1' } }],
  'account/read': [{}, { refreshToken: false }, { refreshToken: true }],
  getAuthStatus: [{}, { refreshToken: false }, { refreshToken: true }],
  'account/rateLimits/read': [{}],
  'account/rateLimits/watch': [{}],
  'account/rateLimits/unwatch': [{}],
  'account/rateLimitResetCredit/consume': [{ idempotencyKey: 'key-1' }, { idempotencyKey: '', creditId: '' }],
  'account/usage/read': [{}, { threadId: '5f3b1c2a-0d6b-4f0e-9f37-6f9f0a3a1c55' }],
  'account/workspaceMessages/read': [{}],
  'account/sendAddCreditsNudgeEmail': [{ creditType: 'credits' }],
  'account/login/start': [
    { type: 'apiKey', apiKey: 'sk-other' },
    { type: 'chatgpt' },
    { type: 'chatgptDeviceCode' },
    { type: 'chatgptAuthTokens', accessToken: 'token', chatgptAccountId: 'account-two' },
    { type: 'amazonBedrock', apiKey: 'key', region: 'region' },
  ],
  'account/login/cancel': [{ loginId: 'f2d7b7a5-64c3-4f56-9d0f-0f2f6a1f3c11' }, { loginId: 'no uuid' }],
  'account/logout': [{}],
  'accountSession/list': [{}],
  'accountSession/switch': [{ sessionId: 'user-dev', accountId: 'account-two' }],
  'config/read': [{}, { includeLayers: true, cwd: '/' }],
};

const everyCall = Object.entries(calls).flatMap(([method, params]) => params.map((each) => [method, each]));

const expiringToken = unsignedJwt({ exp: Math.ceil(Date.now() / 1000) + 60 });
const expiringLogin = chatgptLogin({ access_token: expiringToken });

/** Reads every file of the folder. */
function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('no method of the table changes anything on a read-only server', async () => {
  await withIssuer(async ({ url, calls: issuerCalls }) => {
    const authEnvironment = {
      refreshTokenUrl: url,
      revokeTokenUrl: url,
      loginIssuer: url,
      authApiBaseUrl: url,
    };
    const options = { auth: expiringLogin, isReadOnly: true, authEnvironment };
    await withAccount({ ...options, capabilities: { experimentalApi: true } }, async (fixture) => {
      const before = contentOf(dirname(fixture.authPath));
      const answers = [];
      for (const [method, params] of everyCall) answers.push(await fixture.call(method as string, params));
      expect(answers).toHaveLength(everyCall.length);
      const sent = fixture.backend.requests.map(({ method, url: path }) => `${method} ${path}`);
      expect(new Set(sent)).toEqual(
        new Set([
          'GET /api/codex/accounts/check',
          'GET /api/codex/usage',
          'GET /api/codex/rate-limit-reset-credits',
          'GET /api/codex/profiles/me',
          'POST /api/codex/usage/thread_usage/query',
          'GET /api/codex/workspace-messages',
        ]),
      );
      expect({ issuerCalls, files: contentOf(dirname(fixture.authPath)) }).toEqual({
        issuerCalls: [],
        files: before,
      });
    });
  });
});

test.each(everyCall)(
  '%s %j is refused by a read-only server exactly if it changes something',
  async (method, params) => {
    await withAccount({ isReadOnly: true, capabilities: { experimentalApi: true } }, async ({ call }) => {
      const { effect } = methods[method as Method];
      const answer = await call(method as string, params);
      const isRefused =
        effect === 'change' ||
        ('refreshToken' in (params as object) && (params as { refreshToken: boolean }).refreshToken);
      const kind = (answer.error as { data?: { kind: string } } | undefined)?.data?.kind;
      expect(kind === 'readOnly').toBe(isRefused);
    });
  },
);

test('the refusal of a consume has a known outcome', async () => {
  await withAccount({ isReadOnly: true }, async ({ consume }) => {
    expect(await consume()).toEqual({
      error: {
        code: -32600,
        message: 'the server is read-only',
        data: { kind: 'readOnly', outcomeKnown: true },
      },
    });
  });
});

test('the refusal of a token refresh names the member', async () => {
  await withAccount({ isReadOnly: true }, async ({ call }) => {
    expect(await call('account/read', { refreshToken: true })).toEqual({
      error: {
        code: -32600,
        message: 'the server is read-only: no token refresh',
        data: { kind: 'readOnly', member: 'refreshToken' },
      },
    });
  });
});

test('a read whose refresh is due is sent with the old token, and not again after a 401', async () => {
  await withIssuer(async ({ url, calls: issuerCalls }) => {
    const options = { auth: expiringLogin, isReadOnly: true, authEnvironment: { refreshTokenUrl: url } };
    await withAccount(options, async ({ backend, read }) => {
      expect(await read()).toMatchObject({ result: {} });
      backend.script('usage', { status: 401, body: {} });
      expect(await read()).toMatchObject({ error: { data: { kind: 'unauthorized', httpStatus: 401 } } });
      const tokens = backend.requests.map(({ headers }) => headers.authorization);
      expect({ tokens, issuerCalls }).toEqual({
        tokens: [`Bearer ${expiringToken}`, `Bearer ${expiringToken}`],
        issuerCalls: [],
      });
    });
  });
});
