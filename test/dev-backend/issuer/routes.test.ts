import { expect, test } from 'vitest';

import { devEnvironment } from '../../../src/dev-backend/environment.js';
import type { Endpoint } from '../../../src/dev-backend/http/route.js';
import { withIssuer } from './fixture.js';

const endpoints: [Endpoint, string, string, string][] = [
  ['authorize', 'GET', '/oauth/authorize', 'GET, POST'],
  ['token', 'POST', '/oauth/token', 'POST'],
  ['revoke', 'POST', '/oauth/revoke', 'POST'],
  ['deviceUserCode', 'POST', '/api/accounts/deviceauth/usercode', 'POST'],
  ['deviceToken', 'POST', '/api/accounts/deviceauth/token', 'POST'],
  ['devicePage', 'GET', '/codex/device', 'GET, POST'],
  ['whoami', 'GET', '/v1/user-auth-credential/whoami', 'GET'],
  ['accountsCheck', 'GET', '/api/codex/accounts/check', 'GET'],
];

test.each(endpoints)('%s can be scripted, has a request id and is recorded', (endpoint, method, path) =>
  withIssuer({}, async ({ backend }) => {
    backend.script(endpoint, { status: 418, body: { a: 1 } });
    const response = await fetch(`${backend.url}${path}?a=b`, { method });
    expect([response.status, await response.json()]).toEqual([418, { a: 1 }]);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(backend.requests).toMatchObject([{ method, url: `${path}?a=b` }]);
  }),
);

test.each(endpoints)('%s accepts only %s %s (%s)', (_endpoint, _method, path, allowed) =>
  withIssuer({}, async ({ backend }) => {
    const response = await fetch(backend.url + path, { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
  }),
);

test('the issuer works while the account endpoints fail', () =>
  withIssuer({ scenario: 'server-error' }, async ({ get, refresh }) => {
    expect((await refresh('refresh-dev')).status).toBe(200);
    expect((await get('/api/codex/accounts/check', 'any')).status).toBe(500);
  }));

test('the environment for a server names the issuer', () => {
  expect(devEnvironment('http://127.0.0.1:1')).toEqual({
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:1/oauth/token',
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:1/oauth/revoke',
    CODEX_APP_SERVER_LOGIN_ISSUER: 'http://127.0.0.1:1',
    CODEX_AUTHAPI_BASE_URL: 'http://127.0.0.1:1',
  });
});
