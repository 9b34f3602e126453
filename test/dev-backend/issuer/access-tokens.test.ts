import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createDevHome } from '../../../src/dev-backend/home.js';
import { unsignedJwt } from '../../../src/dev-backend/issuer/login-tokens.js';
import type { IssuerFixture } from './fixture.js';
import { issuerStartMs, withIssuer } from './fixture.js';

const strict = { checksTokens: true };

/** Returns the status of each account endpoint that accepts GET. */
async function statuses({ get }: IssuerFixture, token: string): Promise<number[]> {
  const names = ['usage', 'rate-limit-reset-credits', 'profiles/me', 'workspace-messages', 'accounts/check'];
  const answers = await Promise.all(names.map((name) => get(`/api/codex/${name}`, token)));
  return [...new Set(answers.map(({ status }) => status))];
}

function homeToken(backendUrl: string, expiresAtMs?: number): string {
  const home = createDevHome({
    backendUrl,
    ...(expiresAtMs !== undefined && { accessTokenExpiresAtMs: expiresAtMs }),
  });
  const text = readFileSync(join(home.path, 'auth.json'), 'utf8');
  home.remove();
  return (JSON.parse(text) as { tokens: { access_token: string } }).tokens.access_token;
}

describe('access tokens', () => {
  test('by default any access token is accepted', () =>
    withIssuer({}, async (fixture) => {
      expect(await statuses(fixture, 'any')).toEqual([200]);
    }));

  test.each([
    ['a text', 'any'],
    ['a JWT without a name', unsignedJwt({ exp: 4_102_444_800 })],
    ['a JWT of another person', unsignedJwt({ exp: 4_102_444_800, jti: 'other' })],
  ])('a backend that checks tokens refuses %s', (_what, token) =>
    withIssuer(strict, async (fixture) => {
      expect(await statuses(fixture, token)).toEqual([401]);
    }),
  );

  test('a backend that checks tokens accepts the first one of a dev home', () =>
    withIssuer(strict, async (fixture) => {
      expect(await statuses(fixture, homeToken(fixture.backend.url))).toEqual([200]);
    }));

  test('the first token of a dev home is refused after its expiry', () =>
    withIssuer(strict, async (fixture) => {
      const token = homeToken(fixture.backend.url, issuerStartMs + 60_000);
      fixture.pass(59_999);
      expect(await statuses(fixture, token)).toEqual([200]);
      fixture.pass(1);
      expect(await statuses(fixture, token)).toEqual([401]);
    }));

  test('the scenario with an expiring login checks tokens', () =>
    withIssuer({ scenario: 'expiring-login' }, async (fixture) => {
      expect(await statuses(fixture, 'any')).toEqual([401]);
    }));

  test('the tokens of a dev home whose login is revoked are refused', () =>
    withIssuer({ scenario: 'login-revoked' }, async (fixture) => {
      const token = homeToken(fixture.backend.url, issuerStartMs + 60_000);
      expect(await statuses(fixture, token)).toEqual([401]);
      expect(await fixture.refresh('refresh-dev')).toMatchObject({
        status: 401,
        body: { error: { code: 'refresh_token_invalidated' } },
      });
    }));

  test('issued tokens name the plan of the scenario', () =>
    withIssuer({ scenario: 'business' }, async (fixture) => {
      const tokens = await fixture.renew('refresh-dev');
      for (const token of [tokens.id_token, tokens.access_token]) {
        expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).toContain(
          '"chatgpt_plan_type":"business"',
        );
      }
    }));

  test('an issued access token is valid for an hour, even after the next refresh', () =>
    withIssuer(strict, async (fixture) => {
      const { access_token: token, refresh_token: next } = await fixture.renew('refresh-dev');
      await fixture.renew(next);
      fixture.pass(3_599_999);
      expect(await statuses(fixture, token)).toEqual([200]);
      fixture.pass(1);
      expect(await statuses(fixture, token)).toEqual([401]);
    }));

  test('a reused refresh token invalidates the access tokens of its family', () =>
    withIssuer(strict, async (fixture) => {
      const { access_token: token } = await fixture.renew('refresh-dev');
      await fixture.refresh('refresh-dev');
      expect(await statuses(fixture, token)).toEqual([401]);
    }));

  test('a test can invalidate every access token issued so far', () =>
    withIssuer(strict, async (fixture) => {
      const { access_token: token, refresh_token: next } = await fixture.renew('refresh-dev');
      fixture.backend.tokens.familyIdByAccessTokenId.clear();
      const { access_token: later } = await fixture.renew(next);
      expect([await statuses(fixture, token), await statuses(fixture, later)]).toEqual([[401], [200]]);
    }));
});

describe('personal access tokens', () => {
  test('a personal access token is accepted', () =>
    withIssuer(strict, async (fixture) => {
      expect(await statuses(fixture, 'at-dev')).toEqual([200]);
    }));

  test('a personal access token identifies its owner', () =>
    withIssuer({}, async ({ get }) => {
      expect(await get('/v1/user-auth-credential/whoami', 'at-dev')).toEqual({
        status: 200,
        location: null,
        body: {
          email: 'dev@example.com',
          chatgpt_user_id: 'user-dev',
          chatgpt_account_id: 'account-dev',
          chatgpt_plan_type: 'pro',
          chatgpt_account_is_fedramp: false,
        },
      });
    }));

  test.each([undefined, 'any', 'at-'])('%j is not a personal access token', (token) =>
    withIssuer({}, async ({ get }) => {
      expect(await get('/v1/user-auth-credential/whoami', token)).toMatchObject({ status: 401 });
    }),
  );
});

test.each(['/api/codex/accounts/check', '/backend-api/wham/accounts/check'])(
  '%s lists the one workspace',
  (path) =>
    withIssuer({}, async ({ get }) => {
      expect(await get(path, 'any')).toMatchObject({
        status: 200,
        body: {
          accounts: [
            {
              id: 'account-dev',
              workspace_backend_origin: 'https://backend.example',
              account_routing_override: 'NO_CONSTRAINT',
              name: 'Dev workspace',
            },
          ],
        },
      });
    }),
);
