import { expect, test } from 'vitest';

import type { IssuerFixture } from './fixture.js';
import { withIssuer } from './fixture.js';

const userCodePath = '/api/accounts/deviceauth/usercode';
const tokenPath = '/api/accounts/deviceauth/token';
const pagePath = '/codex/device';

interface Started {
  device_auth_id: string;
  user_code: string;
}

interface Grant {
  authorization_code: string;
  code_challenge: string;
  code_verifier: string;
}

async function start({ postJson }: IssuerFixture): Promise<Started> {
  const { body } = await postJson(userCodePath, { client_id: 'client-1' });
  const { device_auth_id, user_code } = body as Started;
  return { device_auth_id, user_code };
}

function decide({ postForm }: IssuerFixture, userCode: string, decision: string) {
  return postForm(pagePath, { user_code: userCode, decision });
}

function refused(status: number, code: string, message: string) {
  return { status, location: null, body: { error: { code, message } } };
}

test('a device login begins with a code for the person and one for the client', () =>
  withIssuer({}, async ({ postJson }) => {
    expect(await postJson(userCodePath, { client_id: 'client-1' })).toEqual({
      status: 200,
      location: null,
      body: {
        device_auth_id: expect.stringMatching(/^device-/),
        user_code: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/),
        interval: '1',
      },
    });
  }));

test('the page asks for the code', () =>
  withIssuer({}, async ({ get }) => {
    const { status, body } = await get(pagePath);
    expect(status).toBe(200);
    for (const text of ['name="user_code"', 'dev@example.com', '>Allow<', '>Deny<']) {
      expect(body).toContain(text);
    }
  }));

test('polls are pending until the person has decided', () =>
  withIssuer({}, async (fixture) => {
    expect(await fixture.postJson(tokenPath, await start(fixture))).toEqual(
      refused(403, 'authorization_pending', 'The login has not been allowed or denied yet'),
    );
  }));

test('an allowed login returns a code that is exchanged for tokens', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    const page = await decide(fixture, started.user_code, 'allow');
    const { status, body } = await fixture.postJson(tokenPath, started);
    const grant = body as Grant;
    const exchange = await fixture.postForm('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: 'client-1',
      code: grant.authorization_code,
      redirect_uri: `${fixture.backend.url}/deviceauth/callback`,
      code_verifier: grant.code_verifier,
    });
    expect([page.status, status, exchange.status]).toEqual([200, 200, 200]);
    expect(page.body).toContain('The device is signed in');
    expect(Object.keys(grant)).toEqual(['authorization_code', 'code_challenge', 'code_verifier']);
    expect(Object.keys(exchange.body as object)).toEqual(['id_token', 'access_token', 'refresh_token']);
  }));

test('a poll after a lost response returns the same code', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    await decide(fixture, started.user_code, 'allow');
    const once = await fixture.postJson(tokenPath, started);
    expect(await fixture.postJson(tokenPath, started)).toEqual(once);
  }));

test('a denied login is reported to the next poll', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    const page = await decide(fixture, started.user_code, 'deny');
    expect(page.body).toContain('The login was denied');
    expect(await fixture.postJson(tokenPath, started)).toEqual(
      refused(400, 'access_denied', 'The login was denied'),
    );
  }));

test('a code may be typed in lower case, with spaces and without its dash', () =>
  withIssuer({}, async (fixture) => {
    const { user_code: userCode } = await start(fixture);
    const page = await decide(fixture, ` ${userCode.toLowerCase().replace('-', ' ')} `, 'allow');
    expect(page.status).toBe(200);
  }));

test('after a quarter of an hour both the page and the poll refuse the code', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    fixture.pass(900_000);
    const page = await decide(fixture, started.user_code, 'allow');
    expect(page.status).toBe(400);
    expect(page.body).toContain('This code has expired.');
    expect(await fixture.postJson(tokenPath, started)).toEqual(
      refused(400, 'expired_token', 'The user code has expired'),
    );
  }));

test('a code accepts one decision', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    await decide(fixture, started.user_code, 'deny');
    const page = await decide(fixture, started.user_code, 'allow');
    expect(page.status).toBe(400);
    expect(page.body).toContain('This code has already been used.');
    expect((await fixture.postJson(tokenPath, started)).status).toBe(400);
  }));

test('a form without a decision leaves the code undecided', () =>
  withIssuer({}, async (fixture) => {
    const started = await start(fixture);
    const page = await decide(fixture, started.user_code, '');
    expect(page.status).toBe(400);
    expect(page.body).toContain('Choose Allow or Deny.');
    expect((await fixture.postJson(tokenPath, started)).status).toBe(403);
  }));

test('an unknown code is an error that shows the typed text escaped', () =>
  withIssuer({}, async (fixture) => {
    const page = await decide(fixture, '"><script>', 'allow');
    expect(page.status).toBe(400);
    expect(page.body).toContain('This code is unknown.');
    expect(page.body).toContain('value="&quot;&gt;&lt;script&gt;"');
  }));

test.each([
  ['usercode', {}, 'invalid_request', 'client_id is missing'],
  ['usercode', '{', 'invalid_request', 'client_id is missing'],
  ['token', { device_auth_id: 'd' }, 'invalid_request', 'user_code is missing'],
  [
    'token',
    { device_auth_id: 'd', user_code: 'u' },
    'invalid_grant',
    'No login has this device_auth_id and user_code',
  ],
])('%s with %j is refused', (name, body, code, message) =>
  withIssuer({}, async ({ postJson }) => {
    expect(await postJson(`/api/accounts/deviceauth/${name}`, body)).toEqual(refused(400, code, message));
  }),
);

test('the code of another login is refused', () =>
  withIssuer({}, async (fixture) => {
    const { device_auth_id } = await start(fixture);
    const { user_code } = await start(fixture);
    expect(await fixture.postJson(tokenPath, { device_auth_id, user_code })).toEqual(
      refused(400, 'invalid_grant', 'No login has this device_auth_id and user_code'),
    );
  }));
