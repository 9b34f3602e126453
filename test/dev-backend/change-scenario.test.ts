import { expect, test } from 'vitest';
import { scenarioNames, scenarios } from '../../src/dev-backend/account/scenarios.js';
import { createAccessToken } from '../../src/dev-backend/issuer/login-tokens.js';
import { devLogin } from '../../src/dev-backend/issuer/token-ledger.js';
import { withAccount } from '../support/account-fixture.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { consumePath, redemption, usagePath, withDevBackend } from './fixture.js';

const farFutureMs = Date.parse('2100-01-01T00:00:00Z');

function setScenario(url: string, body: string, type = 'application/x-www-form-urlencoded') {
  return fetch(`${url}/dev/scenario`, { method: 'POST', body, headers: { 'content-type': type } });
}

test('a request tells the scenario and all that there are', () =>
  withDevBackend({ scenario: 'free' }, async ({ url }) => {
    const response = await fetch(`${url}/dev/scenario`);
    expect(await response.json()).toEqual({
      scenario: 'free',
      scenarios: Object.fromEntries(scenarioNames.map((name) => [name, scenarios[name].summary])),
    });
  }));

test.each([
  ['a form', 'scenario=blocked', 'application/x-www-form-urlencoded'],
  ['JSON', '{"scenario":"blocked"}', 'application/json'],
])('%s changes the scenario of a running backend', (_form, body, type) =>
  withAccount({ scenario: 'at-limit' }, async ({ backend, read }) => {
    expect(await read()).toMatchObject({ result: { rateLimits: { primary: { usedPercent: 100 } } } });
    const response = await setScenario(backend.url, body, type);
    expect([response.status, await response.json()]).toEqual([200, { scenario: 'blocked' }]);
    expect(backend.scenario).toBe('blocked');
    expect(await read()).toMatchObject({
      result: { rateLimits: { primary: { usedPercent: 40 }, spendControlReached: true } },
    });
  }),
);

test.each([
  ['an unknown name', 'scenario=nope'],
  ['no name', ''],
])('%s is refused, and the scenario stays', (_name, body) =>
  withDevBackend({ scenario: 'free' }, async ({ url }) => {
    const response = await setScenario(url, body);
    const answer = await response.json();
    expect([response.status, answer]).toEqual([
      422,
      { detail: `scenario must be one of ${scenarioNames.join(', ')}` },
    ]);
    expect(await (await fetch(`${url}/dev/scenario`)).json()).toMatchObject({ scenario: 'free' });
  }),
);

test('another method is refused', () =>
  withDevBackend({}, async ({ url }) => {
    const response = await fetch(`${url}/dev/scenario`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  }));

test('a key that has redeemed never redeems a credit of a later scenario', () =>
  withDevBackend({ scenario: 'at-limit' }, async (backend) => {
    const redeem = async () => (await fetch(`${backend.url}${consumePath}`, redemption)).json();
    expect(await redeem()).toEqual({ code: 'reset', windows_reset: 2 });
    backend.setScenario('at-limit');
    expect(backend.ledger.credits.map(({ id }) => id)).toEqual(['credit-3', 'credit-4']);
    expect(await redeem()).toEqual({ code: 'already_redeemed', windows_reset: 0 });
    expect(backend.ledger.creditIdByKey.size).toBe(1);
  }));

test('a login that is revoked while the backend runs is refused, also its refresh', () =>
  withAccount({ hasIssuer: true }, async ({ backend, read }) => {
    expect(await read()).toHaveProperty('result');
    backend.setScenario('login-revoked');
    expect(await read()).toHaveProperty('error');
    const [token] = backend.tokens.refreshTokens.values();
    expect(token).toMatchObject({ state: 'revoked', timesPresented: 1 });
  }));

test('a login that expires later is refused then, unless the scenario is changed again', async () => {
  const clock = createManualClock();
  await withDevBackend({ clock }, async (backend) => {
    backend.setScenario('expiring-login');
    backend.setScenario('fresh');
    expect(clock.openDelaysMs()).toEqual([]);
    backend.setScenario('expiring-login');
    const authorization = `Bearer ${createAccessToken(devLogin.accessTokenId, farFutureMs)}`;
    const usageStatus = async () =>
      (await fetch(`${backend.url}${usagePath}`, { headers: { authorization } })).status;
    expect(await usageStatus()).toBe(200);
    clock.fire(120_000);
    expect(await usageStatus()).toBe(401);
  });
});

test('the tokens of the next refresh name the plan of the new scenario', () =>
  withAccount({ hasIssuer: true }, async ({ backend, call }) => {
    expect(await call('account/read', {})).toMatchObject({ result: { account: { planType: 'pro' } } });
    backend.setScenario('free');
    await call('account/read', { refreshToken: true });
    expect(await call('account/read', {})).toMatchObject({ result: { account: { planType: 'free' } } });
  }));
