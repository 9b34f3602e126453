import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createIdToken, unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { chatgptLogin, idTokenWith } from '../support/auth-file.js';
import { lineWithoutTime, updated } from '../support/notifications.js';
import { accounts, listOf, type Options, refused, withSessions } from './sessions-fixture.js';

describe('accountSession/switch', () => {
  const ask = { sessionId: 'user-dev', accountId: 'account-two' };
  const claim = 'https://api.openai.com/auth';
  const tokenOf = (userId: string, accountId: string, plan = 'business'): string =>
    unsignedJwt({
      jti: 'canary-switched',
      [claim]: { chatgpt_user_id: userId, chatgpt_account_id: accountId, chatgpt_plan_type: plan },
    });
  const switched = tokenOf('user-dev', 'account-two');

  test('the token of the other workspace is stored, and reported before the answer', () => {
    const auth = chatgptLogin(
      { id_token: idTokenWith({ chatgpt_account_id: 'account-dev' }), extra: 1 },
      { other: { kept: true } },
    );
    return withSessions({ auth }, async ({ authPath, backend, call, read, server }) => {
      backend.script('accountsCheck', { body: { accounts } });
      backend.script('workspaceToken', { body: { access_token: switched } });
      const seen = server.lines.length;
      expect(await call('accountSession/switch', ask)).toEqual({ result: listOf('account-two') });
      expect(lineWithoutTime(server.lines[seen] ?? '')).toEqual(updated('chatgpt', 'business'));
      expect(server.lines).toHaveLength(seen + 2);
      const [, exchange] = backend.requests;
      expect([exchange?.method, exchange?.url, exchange?.body]).toEqual([
        'POST',
        '/accounts/switch-workspace-token',
        '{"workspace_id":"account-two"}',
      ]);
      expect(exchange?.headers).toMatchObject({ authorization: 'Bearer canary-access-token' });
      expect(exchange?.headers).not.toHaveProperty('chatgpt-account-id');
      const stored = auth as { tokens: object };
      expect(JSON.parse(readFileSync(authPath, 'utf8'))).toEqual({
        ...stored,
        tokens: { ...stored.tokens, access_token: switched, account_id: 'account-two' },
      });
      await read();
      expect(backend.requests.at(-1)?.headers).toMatchObject({
        authorization: `Bearer ${switched}`,
        'chatgpt-account-id': 'account-two',
      });
    });
  });

  test('with a base URL of ChatGPT the exchange is not below wham', () =>
    withSessions({ baseUrl: (url) => `${url}/backend-api` }, async ({ backend, call }) => {
      backend.script('accountsCheck', { body: { accounts } });
      backend.script('workspaceToken', { body: { access_token: switched } });
      await call('accountSession/switch', ask);
      expect(backend.requests[1]?.url).toBe('/backend-api/accounts/switch-workspace-token');
    }));

  test('the selected workspace needs no request', () =>
    withSessions({}, async ({ backend, call }) => {
      const params = { ...ask, accountId: 'account-dev' };
      expect(await call('accountSession/switch', params)).toEqual({ result: listOf('account-dev') });
      expect(backend.requests).toEqual([]);
    }));

  test.each<[string, object, Options, object]>([
    [
      'an empty account',
      { accountId: '' },
      {},
      refused('accountId must not be empty', { kind: 'invalidRequest', member: 'accountId' }),
    ],
    [
      'an API key',
      {},
      { auth: { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' } },
      refused('Workspace switching requires a managed ChatGPT login', { kind: 'authRequired' }),
    ],
    [
      'another session',
      { sessionId: 'user-two' },
      {},
      refused('Only the active managed account session can be switched', {
        kind: 'invalidRequest',
        member: 'sessionId',
      }),
    ],
    [
      'a forced workspace',
      {},
      { config: 'forced_chatgpt_workspace_id = "account-dev"\n' },
      refused('Login is restricted to workspace id(s) account-dev.', { kind: 'unsupported' }),
    ],
  ])('%s is refused without a request', (_what, params, options, answer) =>
    withSessions(options, async ({ backend, call }) => {
      expect(await call('accountSession/switch', { ...ask, ...params })).toEqual(answer);
      expect(backend.requests).toEqual([]);
    }),
  );

  test.each([
    ['account-none', 'The selected workspace is unavailable', 'invalidRequest'],
    ['account-old', 'The selected workspace is unavailable', 'invalidRequest'],
    ['account-gov', 'Sign in to switch government workspaces', 'authRequired'],
    ['account-sso', 'The selected workspace requires a new sign-in', 'authRequired'],
  ])('%s cannot be used, and no token is asked for', (accountId, message, kind) =>
    withSessions({}, async ({ backend, call }) => {
      backend.script('accountsCheck', { body: { accounts } });
      expect(await call('accountSession/switch', { ...ask, accountId })).toEqual(
        refused(message, { kind, member: 'accountId' }),
      );
      expect(backend.requests).toHaveLength(1);
    }),
  );

  test.each<[string, object, string, object]>([
    [
      'is refused',
      { status: 403, body: {} },
      'Workspace switch was rejected (HTTP 403 Forbidden)',
      { httpStatus: 403, requestId: expect.any(String) as string },
    ],
    [
      'has no token',
      { body: {} },
      'error decoding response body',
      { httpStatus: 200, requestId: expect.any(String) as string },
    ],
    [
      'is for another user',
      { body: { access_token: tokenOf('user-two', 'account-two') } },
      'Workspace exchange returned a different user or workspace',
      {},
    ],
    [
      'is for another workspace',
      { body: { access_token: tokenOf('user-dev', 'account-dev') } },
      'Workspace exchange returned a different user or workspace',
      {},
    ],
  ])('an exchange that %s changes nothing', (_what, reply, message, data) =>
    withSessions({}, async ({ authPath, backend, call, server }) => {
      const before = readFileSync(authPath, 'utf8');
      backend.script('accountsCheck', { body: { accounts } });
      backend.script('workspaceToken', reply);
      expect(await call('accountSession/switch', ask)).toEqual(
        refused(message, { kind: 'unsupported', ...data }),
      );
      expect(readFileSync(authPath, 'utf8')).toBe(before);
      expect(server.lines.filter((line) => line.includes('account/updated'))).toEqual([]);
    }),
  );

  test('a login that has changed during the exchange stays', () =>
    withSessions({}, async ({ authPath, backend, call }) => {
      const other = JSON.stringify(chatgptLogin({ id_token: createIdToken(0), account_id: 'account-new' }));
      backend.script('accountsCheck', { body: { accounts } });
      backend.script('workspaceToken', () => {
        writeFileSync(authPath, other);
        return { body: { access_token: switched } };
      });
      expect(await call('accountSession/switch', ask)).toEqual(
        refused('the stored login has changed, so the workspace was not switched', {
          kind: 'accountChanged',
        }),
      );
      expect(readFileSync(authPath, 'utf8')).toBe(other);
    }));

  test('tokens that were renewed during the exchange stay', () =>
    withSessions({}, async ({ authPath, backend, call }) => {
      const renewed = { access_token: 'canary-renewed', refresh_token: 'canary-renewed-too' };
      backend.script('accountsCheck', { body: { accounts } });
      backend.script('workspaceToken', () => {
        writeFileSync(authPath, JSON.stringify(chatgptLogin(renewed)));
        return { body: { access_token: switched } };
      });
      await call('accountSession/switch', ask);
      expect(JSON.parse(readFileSync(authPath, 'utf8'))).toMatchObject({
        tokens: { access_token: switched, refresh_token: 'canary-renewed-too', account_id: 'account-two' },
      });
    }));
});
