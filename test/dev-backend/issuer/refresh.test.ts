import { describe, expect, test } from 'vitest';

import { claimsIn, issuerStartMs, withIssuer } from './fixture.js';

const identityClaim = {
  chatgpt_plan_type: 'pro',
  chatgpt_user_id: 'user-dev',
  chatgpt_account_id: 'account-dev',
};

function refused(code: string) {
  return { status: 401, location: null, body: { error: { code, message: expect.any(String) } } };
}

describe('a refresh', () => {
  test('a refresh returns three new tokens of the same person', () =>
    withIssuer({}, async ({ renew }) => {
      const tokens = await renew('refresh-dev');
      const claims = {
        email: 'dev@example.com',
        exp: issuerStartMs / 1000 + 3_600,
        'https://api.openai.com/auth': identityClaim,
      };
      expect(Object.keys(tokens)).toEqual(['id_token', 'access_token', 'refresh_token']);
      expect(claimsIn(tokens.id_token)).toEqual(claims);
      expect(claimsIn(tokens.access_token)).toEqual({ ...claims, jti: expect.any(String) });
      expect(tokens.refresh_token).toMatch(/^refresh-[\w-]{36}$/);
    }));

  test('each refresh returns different tokens', () =>
    withIssuer({}, async ({ renew }) => {
      const one = await renew('refresh-dev');
      const two = await renew(one.refresh_token);
      expect(two.access_token).not.toBe(one.access_token);
      expect(two.refresh_token).not.toBe(one.refresh_token);
    }));

  test('the lifetime of an access token can be chosen', () =>
    withIssuer({ issuer: { accessTokenLifetimeMs: 90_000 } }, async ({ renew }) => {
      const { access_token: token } = await renew('refresh-dev');
      expect(claimsIn(token)).toMatchObject({ exp: issuerStartMs / 1000 + 90 });
    }));
});

describe('a reused refresh token', () => {
  test('a reused refresh token is refused as reused and ends its family', () =>
    withIssuer({}, async ({ refresh, renew }) => {
      const { refresh_token: newest } = await renew('refresh-dev');
      expect(await refresh('refresh-dev')).toEqual(refused('refresh_token_reused'));
      expect(await refresh(newest)).toEqual(refused('refresh_token_invalidated'));
    }));

  test('the ledger counts the uses of every refresh token and records each reuse', () =>
    withIssuer({}, async ({ backend, pass, refresh, renew }) => {
      pass(1_000);
      const { refresh_token: second } = await renew('refresh-dev');
      const { refresh_token: third } = await renew(second);
      await refresh('refresh-dev');
      await refresh('refresh-dev');
      const token = { familyId: 'family-1', issuedAtMs: issuerStartMs + 1_000 };
      expect([...backend.tokens.refreshTokens.values()]).toEqual([
        { ...token, token: 'refresh-dev', issuedAtMs: issuerStartMs, state: 'used', timesPresented: 3 },
        { ...token, token: second, state: 'used', timesPresented: 1 },
        { ...token, token: third, state: 'revoked', timesPresented: 0 },
      ]);
      expect([...backend.tokens.families.values()]).toEqual([
        { id: 'family-1', newestToken: third, revokedFor: 'reuse' },
      ]);
      expect(backend.tokens.reuses).toEqual(['refresh-dev', 'refresh-dev']);
    }));

  test('one of two concurrent refreshes with the same token is a reuse', () =>
    withIssuer({}, async ({ backend, refresh }) => {
      const answers = await Promise.all([refresh('refresh-dev'), refresh('refresh-dev')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
      expect(backend.tokens.reuses).toEqual(['refresh-dev']);
    }));

  test('a refresh takes place even if its response is lost', () =>
    withIssuer({}, async ({ backend, refresh }) => {
      backend.script('token', (_request, response) => {
        response.destroy();
        return undefined;
      });
      await expect(refresh('refresh-dev')).rejects.toThrow('fetch failed');
      expect(backend.tokens.refreshTokens.get('refresh-dev')).toMatchObject({ state: 'used' });
    }));
});

describe('a refused refresh', () => {
  test('an unknown refresh token is invalid', () =>
    withIssuer({}, async ({ refresh }) => {
      expect(await refresh('refresh-other')).toEqual(refused('refresh_token_invalidated'));
    }));

  test('a refresh token can expire, which does not count as a use', () =>
    withIssuer({ issuer: { refreshTokenLifetimeMs: 1_000 } }, async ({ backend, pass, refresh }) => {
      pass(1_000);
      expect(await refresh('refresh-dev')).toEqual(refused('refresh_token_expired'));
      expect(backend.tokens.refreshTokens.get('refresh-dev')).toMatchObject({ state: 'current' });
    }));

  test.each([
    ['text that is not JSON', '{', 'invalid_request', 'The body is not a JSON object'],
    ['a list', '[]', 'invalid_request', 'The body is not a JSON object'],
    ['no client_id', { grant_type: 'refresh_token' }, 'invalid_request', 'client_id is missing'],
    [
      'a token that is not a string',
      { client_id: 'c', grant_type: 'refresh_token', refresh_token: 5 },
      'invalid_request',
      'refresh_token is missing',
    ],
    [
      'another grant',
      { client_id: 'c', grant_type: 'password', refresh_token: 'r' },
      'unsupported_grant_type',
      'A JSON body supports only the grant_type refresh_token',
    ],
  ])('a refresh with %s is refused', (_what, body, error, description) =>
    withIssuer({}, async ({ postJson }) => {
      expect(await postJson('/oauth/token', body)).toEqual({
        status: 400,
        location: null,
        body: { error, error_description: description },
      });
    }),
  );

  test('a refresh sent as a form is refused and does not use the token', () =>
    withIssuer({}, async ({ backend, postForm }) => {
      const fields = { client_id: 'c', grant_type: 'refresh_token', refresh_token: 'refresh-dev' };
      expect(await postForm('/oauth/token', fields)).toMatchObject({
        status: 400,
        body: { error: 'unsupported_grant_type' },
      });
      expect(backend.tokens.refreshTokens.get('refresh-dev')).toMatchObject({ state: 'current' });
    }));
});
