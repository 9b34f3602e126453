import { describe, expect, test } from 'vitest';
import { chatgptLogin, idTokenWith } from '../support/auth-file.js';
import { accounts, listOf, refused, withSessions } from './sessions-fixture.js';

test.each([
  ['accountSession/list', {}],
  ['accountSession/switch', { sessionId: 'user-dev', accountId: 'account-two' }],
])('%s needs the experimental capability', (method, params) =>
  withSessions({ capabilities: {} }, async ({ call }) => {
    expect(await call(method, params)).toEqual(
      refused(`${method} requires experimentalApi capability`, { kind: 'unsupported' }),
    );
    expect(await call(method)).toEqual(
      refused('Invalid request: missing field `params`', { kind: 'invalidRequest', member: 'params' }),
    );
  }),
);

describe('accountSession/list', () => {
  test('the stored login is the only session, and nothing is sent', () =>
    withSessions({}, async ({ backend, call }) => {
      expect(await call('accountSession/list', {})).toEqual({ result: listOf('account-dev') });
      expect(backend.requests).toEqual([]);
    }));

  test('a login without an account has no workspace', () =>
    withSessions({ auth: chatgptLogin({ account_id: null }) }, async ({ call }) => {
      expect(await call('accountSession/list', {})).toEqual({ result: listOf(null) });
    }));

  test.each([
    ['no login', 'none'],
    ['an API key', { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' }],
    ['tokens of another program', chatgptLogin({}, { auth_mode: 'chatgptAuthTokens' })],
    ['no user id', chatgptLogin({ id_token: idTokenWith({ chatgpt_user_id: null }) })],
    ['no tokens', { auth_mode: 'chatgpt', tokens: null }],
  ])('with %s there is no session', (_what, auth) =>
    withSessions({ auth }, async ({ call }) => {
      expect(await call('accountSession/list', { refreshWorkspaceMetadata: true })).toEqual({
        result: { activeSessionId: null, sessions: [] },
      });
    }),
  );

  test('the backend knows all workspaces, and the next list without it does not', () =>
    withSessions({}, async ({ backend, call }) => {
      backend.script('accountsCheck', { body: { accounts: accounts.slice(0, 3) } });
      expect(await call('accountSession/list', { refreshWorkspaceMetadata: true })).toEqual({
        result: listOf('account-dev', [
          { accountId: 'account-dev', name: 'Own', imageUrl: null, kind: 'personal' },
          { accountId: 'account-two', name: 'Team', imageUrl: 'https://b.example/p.png', kind: 'workspace' },
          { accountId: 'account-old', name: null, imageUrl: null, kind: null },
        ]),
      });
      expect(await call('accountSession/list', {})).toEqual({ result: listOf('account-dev') });
    }));

  test('a failure of the backend has the text of codex', () =>
    withSessions({}, async ({ backend, call }) => {
      backend.script('accountsCheck', { status: 403, body: {} });
      expect(await call('accountSession/list', { refreshWorkspaceMetadata: true })).toEqual(
        refused(
          'Failed to fetch workspace metadata',
          { kind: 'backendStatus', httpStatus: 403, requestId: expect.any(String) as string },
          -32603,
        ),
      );
    }));
});
