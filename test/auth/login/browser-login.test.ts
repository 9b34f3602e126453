import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { successUrl } from '../../../src/auth/login/oauth-urls.js';
import { claimsIn } from '../../dev-backend/issuer/fixture.js';
import { type Page, withBrowserLogin } from './browser-fixture.js';

const gone = { error: 'ECONNREFUSED' };
const text = (status: number, body: string) => ({ status, type: 'text/plain; charset=UTF-8', text: body });

function targetOf(page: Page): URL {
  return new URL('location' in page ? (page.location ?? '') : '');
}

test('the authorize URL asks for a code that only this login can redeem', () =>
  withBrowserLogin({}, async ({ backend, begin }) => {
    const { flow, asked, origin } = await begin();
    expect(flow.answer.authUrl.split('?')[0]).toBe(`${backend.url}/oauth/authorize`);
    expect(flow.answer.authUrl).toContain('&scope=openid%20profile%20email%20');
    expect(asked).toEqual({
      response_type: 'code',
      client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
      redirect_uri: `${origin}/auth/callback`,
      scope: 'openid profile email offline_access api.connectors.read api.connectors.invoke',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
      id_token_add_organizations: 'true',
      codex_cli_simplified_flow: 'true',
      state: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      originator: 'my client',
    });
  }));

test('the authorize URL lists the allowed workspaces', () =>
  withBrowserLogin({ allowedWorkspaces: ['a', 'b'] }, async ({ begin }) => {
    expect((await begin()).asked.allowed_workspace_id).toBe('a,b');
  }));

test.each([
  [{ currentAccountId: 'one', email: 'a@b.example', connection: 'saml' }],
  [{ currentAccountId: null, email: null, connection: null }],
])('the authorize URL of a login to another workspace has what is known: %j', (known) => {
  const workspace = { accountId: 'two', ...known };
  return withBrowserLogin({ allowedWorkspaces: ['two'], workspace }, async ({ begin }) => {
    const { asked } = await begin();
    expect([
      asked.allowed_workspace_id,
      asked.current_workspace_id,
      asked.login_hint,
      asked.connection,
    ]).toEqual([
      'two',
      ...[known.currentAccountId, known.email, known.connection].map((value) => value ?? undefined),
    ]);
  });
});

test('two logins share no secret', () =>
  withBrowserLogin({}, async ({ begin }) => {
    const [one, other] = [(await begin()).asked, (await begin()).asked];
    expect(one.state).not.toBe(other.state);
    expect(one.code_challenge).not.toBe(other.code_challenge);
  }));

test('the code is exchanged for tokens, and the id token for an API key', () =>
  withBrowserLogin({ grantsApiKeys: true }, async ({ backend, begin }) => {
    const { asked, callback, allow } = await begin();
    const code = await allow();
    await callback({ code });
    const [first, second] = backend.requests
      .filter(({ url }) => url === '/oauth/token')
      .map(({ body, headers }) => ({
        type: headers['content-type'],
        fields: Object.fromEntries(new URLSearchParams(body)),
      }));
    const verifier = first?.fields.code_verifier ?? '';
    expect(verifier).toMatch(/^[\w-]{86}$/);
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked.code_challenge);
    const type = 'application/x-www-form-urlencoded';
    expect([first, second]).toEqual([
      {
        type,
        fields: {
          grant_type: 'authorization_code',
          client_id: asked.client_id,
          code,
          redirect_uri: asked.redirect_uri,
          code_verifier: verifier,
        },
      },
      {
        type,
        fields: {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          client_id: asked.client_id,
          requested_token: 'openai-api-key',
          subject_token: second?.fields.subject_token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        },
      },
    ]);
  }));

test('the login is stored with its issuer before the browser gets the last page', () =>
  withBrowserLogin({ grantsApiKeys: true }, async ({ backend, begin, saved }) => {
    const { callback, allow } = await begin();
    await callback({ code: await allow() });
    expect(saved).toEqual([
      {
        idToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as unknown,
        accessToken: expect.any(String) as unknown,
        refreshToken: expect.any(String) as unknown,
        apiKey: 'sk-dev-exchanged',
        provenance: { issuer: `${backend.url}/`, clientId: 'app_EMoamEEZ73f0CkXaXp7hrann' },
        ownerId: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      },
    ]);
  }));

test('a login without an API key succeeds', () =>
  withBrowserLogin({}, async ({ begin, saved }) => {
    const { callback, allow } = await begin();
    await callback({ code: await allow() });
    expect(saved[0]?.apiKey).toBeNull();
  }));

test('the redirect to the last page has the data of the account', () =>
  withBrowserLogin({}, async ({ backend, begin, saved }) => {
    const { callback, origin } = await begin({ codexStreamlinedLogin: true });
    const auth = { organization_id: 'org 1', project_id: 'proj', is_org_owner: true };
    const tokens = {
      id_token: jwt({ 'https://api.openai.com/auth': auth }),
      access_token: jwt({ 'https://api.openai.com/auth': { chatgpt_plan_type: 'pro' } }),
      refresh_token: 'refresh',
    };
    backend.script('token', { body: tokens });
    const target = targetOf(await callback());
    expect(target.origin + target.pathname).toBe(`${origin}/success`);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      id_token: saved[0]?.idToken,
      needs_setup: 'true',
      org_id: 'org 1',
      project_id: 'proj',
      plan_type: 'pro',
      platform_url: 'https://platform.api.openai.org',
      codex_streamlined_login: 'true',
    });
  }));

test('a login at OpenAI has the platform URL of OpenAI', () => {
  const ending = { codexStreamlinedLogin: false, useHostedLoginSuccessPage: false, appBrand: null };
  const tokens = { idToken: 'a.b.c', accessToken: '', refreshToken: '' };
  const origin = 'http://127.0.0.1:1455';
  expect(successUrl(tokens, { origin, issuer: 'https://auth.openai.com', ending })).toBe(
    'http://127.0.0.1:1455/success?id_token=a.b.c&needs_setup=false&org_id=&project_id=&plan_type=&platform_url=https%3A%2F%2Fplatform.openai.com',
  );
});

test('opening the last page ends the login and frees the port', () =>
  withBrowserLogin({}, async ({ begin, saved }) => {
    const { callback, allow, open, ending } = await begin();
    const target = targetOf(await callback({ code: await allow() }));
    expect(claimsIn(saved[0]?.idToken ?? '')).toEqual(claimsIn(target.searchParams.get('id_token') ?? ''));
    expect(await open(target.pathname + target.search)).toMatchObject({
      status: 200,
      type: 'text/html; charset=utf-8',
      text: expect.stringContaining('You are signed in') as unknown,
    });
    expect(await ending).toBe('ok');
    expect(await open('/success')).toEqual(gone);
  }));

test.each([
  { appBrand: 'chatgpt' as const, brand: 'chatgpt' },
  { appBrand: 'codex' as const, brand: 'codex' },
  { appBrand: null, brand: 'codex' },
])('the hosted page opens the app $brand and ends the login ($appBrand)', ({ appBrand, brand }) =>
  withBrowserLogin({}, async ({ begin }) => {
    const { callback, allow, ending } = await begin({ useHostedLoginSuccessPage: true, appBrand });
    expect(await callback({ code: await allow() })).toEqual({
      status: 302,
      location: `https://chatgpt.com/codex/open-app?source=login&app_brand=${brand}`,
      text: '',
    });
    expect(await ending).toBe('ok');
  }),
);

test('a repeated callback gets the same response, and the code is used once', () =>
  withBrowserLogin({}, async ({ backend, begin, saved }) => {
    const { callback, allow } = await begin();
    const code = await allow();
    const [one, other] = await Promise.all([callback({ code }), callback({ code })]);
    expect(other).toEqual(one);
    expect(await callback({ code })).toEqual(one);
    expect(saved).toHaveLength(1);
    expect(backend.requests.filter(({ body }) => body.includes('authorization_code'))).toHaveLength(1);
  }));

test('a wrong state is refused, and the login goes on', () =>
  withBrowserLogin({}, async ({ begin }) => {
    const { callback, allow, open, ending } = await begin();
    expect(await callback({ state: 'wrong' })).toEqual(text(400, 'State mismatch'));
    expect(await open('/auth/callback?code=x&error=y')).toEqual(text(400, 'State mismatch'));
    await open(targetOf(await callback({ code: await allow() })).pathname);
    expect(await ending).toBe('ok');
  }));

function jwt(claims: object): string {
  return ['{}', JSON.stringify(claims), 's'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}
