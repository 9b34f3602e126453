import { describe, expect, test } from 'vitest';

import type { IssuerFixture } from './fixture.js';
import { authorizeFields, claimsIn, exchangeFields, withIssuer } from './fixture.js';

const authorizePath = '/oauth/authorize';

async function allowedCode({ postForm }: IssuerFixture): Promise<string> {
  const { location } = await postForm(authorizePath, { ...authorizeFields, decision: 'allow' });
  return new URL(location ?? '').searchParams.get('code') ?? '';
}

function pathWith(fields: Record<string, string>): string {
  return `${authorizePath}?${new URLSearchParams(fields).toString()}`;
}

function without(name: keyof typeof authorizeFields): Record<string, string> {
  return Object.fromEntries(Object.entries(authorizeFields).filter(([field]) => field !== name));
}

/** Returns the fields that a page sends when its button with this decision is pressed. */
function formOf(page: string, decision: string): Record<string, string> {
  const hidden = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return { ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])), decision };
}

function refused(error: string, description: unknown) {
  return { status: 400, location: null, body: { error, error_description: description } };
}

describe('the authorize page', () => {
  test('the page names the person and the client, and passes its parameters on', () =>
    withIssuer({}, async ({ get }) => {
      const { status, body } = await get(
        pathWith({ ...authorizeFields, originator: 'my_client', scope: 'openid email' }),
      );
      const page = body as string;
      expect(status).toBe(200);
      for (const text of ['my_client', 'dev@example.com', 'openid email', '>Allow<', '>Deny<']) {
        expect(page).toContain(text);
      }
      expect(formOf(page, 'allow')).toEqual({ ...authorizeFields, decision: 'allow' });
    }));

  test('the page is HTML that cannot run scripts', () =>
    withIssuer({}, async ({ backend }) => {
      const { headers } = await fetch(backend.url + pathWith(authorizeFields));
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    }));

  test('parameters are escaped', () =>
    withIssuer({}, async ({ get }) => {
      const bad = `"><script>'&`;
      const { body } = await get(pathWith({ ...authorizeFields, originator: bad, scope: bad, state: bad }));
      expect(body).not.toContain('<script>');
      expect((body as string).split('&quot;&gt;&lt;script&gt;&#39;&amp;')).toHaveLength(4);
    }));

  test('Allow redirects back with a code and the state', () =>
    withIssuer({}, async ({ get, postForm }) => {
      const { body } = await get(pathWith(authorizeFields));
      const { status, location } = await postForm(authorizePath, formOf(body as string, 'allow'));
      const { origin, pathname, searchParams } = new URL(location ?? '');
      expect([status, origin + pathname, Object.fromEntries(searchParams)]).toEqual([
        303,
        authorizeFields.redirect_uri,
        { code: expect.stringMatching(/^code-/), state: 'state-1' },
      ]);
    }));

  test('Deny redirects back with the error and the state', () =>
    withIssuer({}, async ({ postForm }) => {
      const { status, location } = await postForm(authorizePath, { ...authorizeFields, decision: 'deny' });
      expect([status, location]).toEqual([
        303,
        `${authorizeFields.redirect_uri}?error=access_denied&error_description=The+login+was+denied&state=state-1`,
      ]);
    }));

  test('the query of the redirect address is kept, and a missing state is not added', () =>
    withIssuer({}, async ({ postForm }) => {
      const fields = { ...without('state'), redirect_uri: 'http://localhost:9/back?a=b', decision: 'allow' };
      const { location } = await postForm(authorizePath, fields);
      expect(location).toMatch(/^http:\/\/localhost:9\/back\?a=b&code=code-[\w-]+$/);
    }));

  const redirectRule = 'redirect_uri must be http://127.0.0.1:PORT/… or http://localhost:PORT/….';

  test.each([
    ['response_type', 'token', 'response_type must be code.'],
    ['client_id', '', 'client_id is missing.'],
    ['redirect_uri', '', redirectRule],
    ['redirect_uri', 'https://127.0.0.1:1/a', redirectRule],
    ['redirect_uri', 'http://example.com:1/a', redirectRule],
    ['redirect_uri', 'http://127.0.0.1/a', redirectRule],
    ['redirect_uri', 'http://127.0.0.1:1@example.com/a', redirectRule],
    ['redirect_uri', 'http://127.0.0.1:99999/a', redirectRule],
    ['redirect_uri', 'http://localhost:1/a#b', redirectRule],
    ['code_challenge_method', 'plain', 'code_challenge_method must be S256.'],
    ['code_challenge', 'short', 'code_challenge must be 43 characters of base64url.'],
  ])('%s %j gives a page that names the problem, before and after the decision', (name, value, problem) =>
    withIssuer({}, async ({ get, postForm }) => {
      const fields = { ...authorizeFields, [name]: value };
      const answers = [
        await get(pathWith(fields)),
        await postForm(authorizePath, { ...fields, decision: 'allow' }),
      ];
      for (const { status, location, body } of answers) {
        expect([status, location]).toEqual([400, null]);
        expect(body).toContain(problem);
      }
    }),
  );

  test('a decision other than allow and deny is an error', () =>
    withIssuer({}, async ({ postForm }) => {
      const { status, body } = await postForm(authorizePath, authorizeFields);
      expect(status).toBe(400);
      expect(body).toContain('decision must be allow or deny.');
    }));
});

describe('the exchange of a code', () => {
  test('a code is exchanged for the tokens of a new family', () =>
    withIssuer({}, async (fixture) => {
      const { status, body } = await fixture.postForm(
        '/oauth/token',
        exchangeFields(await allowedCode(fixture)),
      );
      const { id_token: idToken, refresh_token: refreshToken } = body as Record<string, string>;
      expect(status).toBe(200);
      expect(claimsIn(idToken ?? '')).toMatchObject({ email: 'dev@example.com' });
      expect(fixture.backend.tokens.refreshTokens.get(refreshToken ?? '')).toMatchObject({
        familyId: 'family-2',
        state: 'current',
      });
      expect((await fixture.refresh(refreshToken ?? '')).status).toBe(200);
    }));

  test('a code can be used once', () =>
    withIssuer({}, async (fixture) => {
      const fields = exchangeFields(await allowedCode(fixture));
      await fixture.postForm('/oauth/token', fields);
      expect(await fixture.postForm('/oauth/token', fields)).toEqual(
        refused('invalid_grant', 'The authorization code has already been used'),
      );
    }));

  test('a code is valid for ten minutes', () =>
    withIssuer({}, async (fixture) => {
      const fields = exchangeFields(await allowedCode(fixture));
      fixture.pass(600_000);
      expect(await fixture.postForm('/oauth/token', fields)).toEqual(
        refused('invalid_grant', 'The authorization code has expired'),
      );
    }));

  test.each([
    ['code', 'code-other', 'invalid_grant', 'The authorization code is unknown'],
    ['client_id', 'client-2', 'invalid_grant', 'The authorization code belongs to another client_id'],
    [
      'redirect_uri',
      'http://127.0.0.1:1/',
      'invalid_grant',
      'The authorization code belongs to another redirect_uri',
    ],
    ['code_verifier', 'other', 'invalid_grant', 'The code_verifier does not match the code_challenge'],
    ['code_verifier', '', 'invalid_request', 'code_verifier is missing'],
    ['grant_type', 'password', 'unsupported_grant_type', expect.stringContaining('authorization_code')],
  ])('an exchange with %s %j is refused, and the code stays valid', (name, value, error, description) =>
    withIssuer({}, async (fixture) => {
      const fields = exchangeFields(await allowedCode(fixture));
      const answer = await fixture.postForm('/oauth/token', { ...fields, [name]: value });
      expect(answer).toEqual(refused(error, description));
      expect((await fixture.postForm('/oauth/token', fields)).status).toBe(200);
    }),
  );
});

const apiKeyFields = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  client_id: 'client-1',
  requested_token: 'openai-api-key',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
};

describe('the exchange for an API key', () => {
  test('an id token is exchanged for an API key if the issuer grants them', () =>
    withIssuer({ issuer: { grantsApiKeys: true } }, async ({ postForm, renew }) => {
      const { id_token: subject } = await renew('refresh-dev');
      expect(await postForm('/oauth/token', { ...apiKeyFields, subject_token: subject })).toEqual({
        status: 200,
        location: null,
        body: { access_token: 'sk-dev-exchanged' },
      });
    }));

  test('by default an id token is not exchanged for an API key', () =>
    withIssuer({}, async ({ postForm, renew }) => {
      const { id_token: subject } = await renew('refresh-dev');
      expect(await postForm('/oauth/token', { ...apiKeyFields, subject_token: subject })).toEqual(
        refused('invalid_grant', 'The account has no API organization'),
      );
    }));

  test.each([
    ['requested_token', 'other', 'invalid_request', 'requested_token must be openai-api-key'],
    ['subject_token_type', 'other', 'invalid_request', 'subject_token_type must be that of an id_token'],
    ['subject_token', 'other', 'invalid_grant', 'subject_token is not an id token of this issuer'],
    ['subject_token', '', 'invalid_request', 'subject_token is missing'],
  ])('an exchange for an API key with %s %j is refused', (name, value, error, description) =>
    withIssuer({ issuer: { grantsApiKeys: true } }, async ({ postForm, renew }) => {
      const { id_token: subject } = await renew('refresh-dev');
      const fields = { ...apiKeyFields, subject_token: subject, [name]: value };
      expect(await postForm('/oauth/token', fields)).toEqual(refused(error, description));
    }),
  );

  test('an access token is not an id token', () =>
    withIssuer({ issuer: { grantsApiKeys: true } }, async ({ postForm, renew }) => {
      const { access_token: subject } = await renew('refresh-dev');
      expect(await postForm('/oauth/token', { ...apiKeyFields, subject_token: subject })).toEqual(
        refused('invalid_grant', 'subject_token is not an id token of this issuer'),
      );
    }));
});
