import { expect, test } from 'vitest';

import { withIssuer } from './fixture.js';

const done = { status: 200, location: null, body: {} };

test('a revoked refresh token ends its family', () =>
  withIssuer({}, async ({ backend, postJson, refresh, renew }) => {
    const { refresh_token: token } = await renew('refresh-dev');
    const body = { token, token_type_hint: 'refresh_token', client_id: 'client-1' };
    expect(await postJson('/oauth/revoke', body)).toEqual(done);
    expect([...backend.tokens.families.values()]).toEqual([
      { id: 'family-1', newestToken: token, revokedFor: 'request' },
    ]);
    expect(backend.tokens.refreshTokens.get(token)).toMatchObject({ state: 'revoked' });
    expect(await refresh(token)).toMatchObject({
      status: 401,
      body: { error: { code: 'refresh_token_invalidated' } },
    });
  }));

test('a revoked access token ends its family and is refused afterwards', () =>
  withIssuer({ checksTokens: true }, async ({ backend, get, postJson, renew }) => {
    const { access_token: token } = await renew('refresh-dev');
    expect(await postJson('/oauth/revoke', { token, token_type_hint: 'access_token' })).toEqual(done);
    expect(backend.tokens.families.get('family-1')).toMatchObject({ revokedFor: 'request' });
    expect((await get('/api/codex/usage', token)).status).toBe(401);
  }));

test('a used refresh token sent after the revocation is still a reuse', () =>
  withIssuer({}, async ({ backend, postJson, refresh, renew }) => {
    const { refresh_token: token } = await renew('refresh-dev');
    await postJson('/oauth/revoke', { token });
    expect(await refresh('refresh-dev')).toMatchObject({ body: { error: { code: 'refresh_token_reused' } } });
    expect(backend.tokens.families.get('family-1')).toMatchObject({ revokedFor: 'request' });
  }));

test('revoking an unknown token changes nothing', () =>
  withIssuer({}, async ({ backend, postJson }) => {
    expect(await postJson('/oauth/revoke', { token: 'other' })).toEqual(done);
    expect(backend.tokens.families.get('family-1')).toMatchObject({ revokedFor: null });
  }));

test.each([
  ['{', 'The body is not a JSON object'],
  [{}, 'token is missing'],
])('%j revokes nothing', (body, detail) =>
  withIssuer({}, async ({ postJson }) => {
    expect(await postJson('/oauth/revoke', body)).toEqual({ status: 400, location: null, body: { detail } });
  }),
);
