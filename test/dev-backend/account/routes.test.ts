import { expect, test } from 'vitest';
import { bearer, consumePath, redemption, skippingClock, usagePath, withDevBackend } from '../fixture.js';

test.each([
  ['GET', '/api/codex/usage', 200],
  ['GET', '/api/codex/rate-limit-reset-credits', 200],
  ['POST', '/api/codex/rate-limit-reset-credits/consume', 200],
  ['GET', '/api/codex/usage?a=b', 200],
  ['GET', '/base/api/codex/usage', 200],
  ['GET', '/backend-api/wham/usage', 200],
  ['GET', '/backend-api/wham/rate-limit-reset-credits', 200],
  ['POST', '/backend-api/wham/rate-limit-reset-credits/consume', 200],
  ['GET', '/x/backend-apix/y/wham/usage', 200],
  ['GET', '/wham/usage', 404],
  ['GET', '/backend-api/api/codex/usage', 404],
  ['GET', '/api/codex/usage/', 404],
  ['GET', '/?a=/api/codex/usage', 404],
  ['GET', '/', 404],
  ['POST', '/api/codex/usage', 405],
  ['HEAD', '/api/codex/usage', 405],
  ['GET', '/backend-api/wham/rate-limit-reset-credits/consume', 405],
])('%s %s returns %d', (method, path, status) =>
  withDevBackend({}, async (backend) => {
    const body = method === 'POST' ? '{"redeem_request_id":"k1"}' : null;
    const response = await fetch(backend.url + path, { method, headers: bearer, body });
    expect(response.status).toBe(status);
  }),
);

test.each([
  ['no authorization', {}],
  ['an empty token', { authorization: 'Bearer ' }],
  ['another scheme', { authorization: 'Basic dG9rZW4=' }],
])('%s is unauthorized', (_what, headers: Record<string, string>) =>
  withDevBackend({}, async (backend) => {
    const response = await fetch(backend.url + usagePath, { headers });
    expect([response.status, await response.json()]).toEqual([401, { detail: 'Unauthorized' }]);
  }),
);

test('every response has its own request id', () =>
  withDevBackend({}, async (backend) => {
    const paths = [usagePath, usagePath, '/nowhere'];
    const responses = await Promise.all(paths.map((path) => fetch(backend.url + path, { headers: bearer })));
    const ids = responses.map((response) => response.headers.get('x-request-id'));
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(3);
  }));

test('a rate-limited account returns 429 with the time to wait and redeems nothing', () =>
  withDevBackend({ scenario: 'rate-limited' }, async (backend) => {
    const response = await fetch(backend.url + consumePath, redemption);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
    expect([...backend.ledger.creditIdByKey]).toEqual([]);
  }));

test('a failing backend returns 500 and redeems nothing', () =>
  withDevBackend({ scenario: 'server-error' }, async (backend) => {
    const response = await fetch(backend.url + consumePath, redemption);
    expect([response.status, await response.json()]).toEqual([500, { detail: 'Internal server error' }]);
    expect([...backend.ledger.creditIdByKey]).toEqual([]);
  }));

test('a slow backend delays every response by three seconds', async () => {
  const delaysMs: number[] = [];
  await withDevBackend({ scenario: 'slow', clock: skippingClock(delaysMs) }, async (backend) => {
    const response = await fetch(backend.url + usagePath, { headers: bearer });
    expect(response.status).toBe(200);
  });
  expect(delaysMs).toEqual([3_000]);
});

test('a malformed backend cuts the usage body and nothing else', () =>
  withDevBackend({ scenario: 'malformed' }, async (backend) => {
    const usage = await fetch(backend.url + usagePath, { headers: bearer });
    const text = await usage.text();
    expect(text).toMatch(/^\{"user_id":"user-dev"/);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    const credits = await fetch(`${backend.url}/api/codex/rate-limit-reset-credits`, { headers: bearer });
    expect(await credits.json()).toMatchObject({ available_count: 1 });
  }));

test('a challenge has the header, the ray and the page of Cloudflare, and redeems nothing', () =>
  withDevBackend({ scenario: 'challenge' }, async (backend) => {
    const response = await fetch(backend.url + consumePath, redemption);
    const { status, headers } = response;
    expect([status, headers.get('cf-mitigated'), headers.get('cf-ray')]).toEqual([
      403,
      'challenge',
      '9f0c1d2e3f4a5b6c-FRA',
    ]);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>.*Just a moment/);
    expect([...backend.ledger.creditIdByKey]).toEqual([]);
  }));
