import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { DevBackend } from '../../../src/dev-backend/server.js';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { startMemoryServer } from '../../support/memory-server.js';

const auth = chatgptLogin();

/** Returns the headers that every request of the login `auth` has. */
function commonHeaders(backend: DevBackend): object {
  return {
    accept: '*/*',
    authorization: 'Bearer canary-access-token',
    'chatgpt-account-id': 'account-dev',
    connection: 'keep-alive',
    host: `127.0.0.1:${backend.port}`,
    'user-agent': 'test/0.171.0 (Test 1.0; x86_64) unknown (test; 1.0.0)',
  };
}

/** Returns the headers of the last request with these names. */
function lastHeaders(backend: DevBackend, ...names: string[]): object {
  const headers = backend.requests.at(-1)?.headers ?? {};
  return Object.fromEntries(names.flatMap((name) => (name in headers ? [[name, headers[name]]] : [])));
}

test.each([
  ['', '/api/codex'],
  ['/backend-api', '/backend-api/wham'],
])('with a base URL that ends in %j the three requests have these lines, headers and bodies', (base, style) =>
  withAccount({ auth, baseUrl: (url) => url + base }, async ({ backend, read, consume }) => {
    await read({});
    await consume();
    const headers = commonHeaders(backend);
    expect(backend.requests.sort((one, other) => other.url.localeCompare(one.url))).toEqual([
      { method: 'GET', url: `${style}/usage`, headers, body: '' },
      {
        method: 'POST',
        url: `${style}/rate-limit-reset-credits/consume`,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': '29' },
        body: '{"redeem_request_id":"key-1"}',
      },
      { method: 'GET', url: `${style}/rate-limit-reset-credits`, headers, body: '' },
    ]);
  }),
);

/** The text after the origin in the configured base URL, and the URL of the usage request. */
test.each([
  ['/', '/api/codex/usage'],
  ['///', '/api/codex/usage'],
  ['/x/', '/x/api/codex/usage'],
  ['/api/codex', '/api/codex/api/codex/usage'],
  ['/backend-api/', '/backend-api/wham/usage'],
  ['/x/backend-api/y', '/x/backend-api/y/wham/usage'],
  ['/backend-apix', '/backend-apix/wham/usage'],
  ['/Backend-API', '/Backend-API/api/codex/usage'],
  ['/?a=b', '/?a=b/api/codex/usage'],
  ['/?a=/backend-api', '/?a=/backend-api/wham/usage'],
  ['/#x', '/'],
  ['/a/../b', '/b/api/codex/usage'],
  ['/a b/é', '/a%20b/%C3%A9/api/codex/usage'],
])('with %s after the origin the usage request goes to %s', (suffix, url) =>
  withAccount({ auth, baseUrl: (origin) => origin + suffix }, async ({ backend, read }) => {
    await read();
    expect(backend.requests.map((request) => request.url)).toEqual([url]);
  }),
);

test.each([
  ['with a scheme in upper case', (url: string) => url.replace('http', 'HTTP')],
  ['after blanks', (url: string) => `  ${url}`],
  ['with a user and a password', (url: string) => url.replace('//', '//user:secret@')],
])('a base URL %s gives the same request', (_what, baseUrl) =>
  withAccount({ auth, baseUrl }, async ({ backend, read }) => {
    await read();
    expect(backend.requests).toEqual([
      { method: 'GET', url: '/api/codex/usage', headers: commonHeaders(backend), body: '' },
    ]);
  }),
);

/** The changed members of the tokens and of the file, and the identity headers that are sent. */
test.each([
  [
    'is complete',
    {},
    {},
    { authorization: 'Bearer canary-access-token', 'chatgpt-account-id': 'account-dev' },
  ],
  ['has no account id', { account_id: undefined }, {}, { authorization: 'Bearer canary-access-token' }],
  ['has null as account id', { account_id: null }, {}, { authorization: 'Bearer canary-access-token' }],
  [
    'has an empty account id',
    { account_id: '' },
    {},
    { authorization: 'Bearer canary-access-token', 'chatgpt-account-id': '' },
  ],
  [
    'has an account id beyond ASCII',
    { account_id: 'é' },
    {},
    { authorization: 'Bearer canary-access-token', 'chatgpt-account-id': 'Ã©' },
  ],
  [
    'has an account id with a newline',
    { account_id: 'a\nb' },
    {},
    { authorization: 'Bearer canary-access-token' },
  ],
  [
    'has an access token with a newline',
    { access_token: 'a\nb' },
    {},
    { 'chatgpt-account-id': 'account-dev' },
  ],
  ['has an access token with a NUL', { access_token: 'a\0b' }, {}, { 'chatgpt-account-id': 'account-dev' }],
  [
    'has an empty access token',
    { access_token: '' },
    {},
    { authorization: 'Bearer', 'chatgpt-account-id': 'account-dev' },
  ],
  [
    'was never refreshed',
    {},
    { last_refresh: null },
    { authorization: 'Bearer canary-access-token', 'chatgpt-account-id': 'account-dev' },
  ],
  ['has no tokens', {}, { tokens: null }, {}],
])('a login that %s has these identity headers', (_what, tokens, file, headers) =>
  withAccount({ auth: chatgptLogin(tokens, file) }, async ({ backend, read, consume }) => {
    await read();
    expect(lastHeaders(backend, 'authorization', 'chatgpt-account-id')).toEqual(headers);
    await consume();
    expect(lastHeaders(backend, 'authorization', 'chatgpt-account-id')).toEqual(headers);
  }),
);

test.each([
  [{ idempotencyKey: ' ' }, '{"redeem_request_id":" "}'],
  [{ idempotencyKey: 'k', creditId: null }, '{"redeem_request_id":"k"}'],
  [{ idempotencyKey: 'k', creditId: ' c ' }, '{"redeem_request_id":"k","credit_id":" c "}'],
  [{ creditId: 'c', idempotencyKey: 'k', other: 1 }, '{"redeem_request_id":"k","credit_id":"c"}'],
  [{ idempotencyKey: 'é€😀\u2028' }, '{"redeem_request_id":"é€😀\u2028"}'],
  [{ idempotencyKey: '"\\\n\u0001/' }, '{"redeem_request_id":"\\"\\\\\\n\\u0001/"}'],
  [{ idempotencyKey: 'k'.repeat(10_000) }, `{"redeem_request_id":"${'k'.repeat(10_000)}"}`],
  [['k', 'c'], '{"redeem_request_id":"k","credit_id":"c"}'],
])('a consume with %j sends its key and credit unchanged', (params, body) =>
  withAccount({ auth }, async ({ backend, call }) => {
    await call('account/rateLimitResetCredit/consume', params);
    expect(backend.requests.map((request) => request.body)).toEqual([body]);
  }),
);

test.each([
  [{ idempotencyKey: '', creditId: '' }, 'idempotencyKey must not be empty', 'idempotencyKey'],
  [{ idempotencyKey: 'k', creditId: '' }, 'creditId must not be empty', 'creditId'],
  [{}, 'Invalid request: missing field `idempotencyKey`', 'idempotencyKey'],
  [null, 'Invalid request: missing field `params`', 'params'],
  [{ idempotencyKey: null }, 'Invalid request: invalid type: null, expected a string', 'idempotencyKey'],
])('a consume with %j is refused before the login is read, and nothing is sent', (params, message, member) =>
  withAccount({ auth: 'none' }, async ({ backend, call }) => {
    expect(await call('account/rateLimitResetCredit/consume', params)).toEqual({
      error: { code: -32600, message, data: { kind: 'invalidRequest', member, outcomeKnown: true } },
    });
    expect(backend.requests).toEqual([]);
  }),
);

test.each([
  ['Zoë (ide) 💡', '1.0', 'Zoë (ide) 💡/0.171.0 (Test 1.0; x86_64) unknown (Zoë (ide) 💡; 1.0)'],
  ['', '', '/0.171.0 (Test 1.0; x86_64) unknown (;)'],
  ['rig', '', 'rig/0.171.0 (Test 1.0; x86_64) unknown (rig;)'],
  ['rig', '1\n2', 'rig/0.171.0 (Test 1.0; x86_64) unknown (rig; 1_2)'],
])('the user agent has the client %j of version %j in UTF-8', (name, version, userAgent) =>
  withAccount({ auth }, async ({ backend, configPath }) => {
    const codexHome = dirname(configPath);
    const server = startMemoryServer({ codexHome });
    await server.request('initialize', { clientInfo: { name, version } });
    await server.request('account/rateLimits/read', { excludeResetCreditDetails: true });
    await server.end();
    const sent = backend.requests.at(-1)?.headers['user-agent'] ?? '';
    expect(Buffer.from(sent, 'latin1').toString('utf8')).toBe(userAgent);
  }),
);

test('consecutive reads share a connection, and a consume has its own', () =>
  withAccount({ auth }, async ({ backend, read, consume }) => {
    const ports: unknown[] = [];
    const noted = (_request: unknown, response: ServerResponse) => {
      ports.push(response.socket?.remotePort);
      return undefined;
    };
    backend.script('usage', noted);
    backend.script('consume', noted);
    await read();
    await consume();
    await read();
    const [first, second] = ports;
    expect(second).not.toBe(first);
    expect(ports).toEqual([first, second, first]);
  }));

test('usage and details are requested at the same time', () =>
  withAccount({ auth }, async ({ backend, read }) => {
    const waiting: (() => void)[] = [];
    const held = (_request: unknown, response: ServerResponse) => {
      waiting.push(() => response.end('{}'));
      if (waiting.length === 2) for (const answer of waiting) answer();
      return 'handled' as const;
    };
    backend.script('usage', held);
    backend.script('credits', held);
    expect(await read({})).toHaveProperty('result');
  }));
