import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type ScriptedReply } from '../../../src/dev-backend/server.js';
import { withAccount } from '../../support/account-fixture.js';

const consume = 'account/rateLimitResetCredit/consume';
const path = '/api/codex/rate-limit-reset-credits/consume';
const closedPort = 'http://127.0.0.1:1';
const headers = { 'x-request-id': 'request-1' };

function failed(message: string, data: object): object {
  return { error: { code: -32603, message: `failed to consume rate limit reset: ${message}`, data } };
}

function refused(message: string, data: object): object {
  return { error: { code: -32600, message, data } };
}

describe('before the request is sent', () => {
  test('malformed params are refused before anything is sent', () =>
    withAccount({}, async ({ call, backend }) => {
      expect(await call(consume, { idempotencyKey: 5 })).toEqual(
        refused('Invalid request: invalid type: integer `5`, expected a string', {
          kind: 'invalidRequest',
          member: 'idempotencyKey',
          outcomeKnown: true,
        }),
      );
      expect(backend.requests).toEqual([]);
    }));

  test.each([
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: '', creditId: '' }],
    ['creditId', { idempotencyKey: 'key-1', creditId: '' }],
  ])('an empty %s is refused before the login is checked', (member, params) =>
    withAccount({ auth: 'none' }, async ({ call }) => {
      expect(await call(consume, params)).toEqual(
        refused(`${member} must not be empty`, { kind: 'invalidRequest', member, outcomeKnown: true }),
      );
    }),
  );

  test('a consume before initialize is refused', () =>
    withAccount({ isInitialized: false }, async ({ consume: consumeKey1, backend }) => {
      expect(await consumeKey1()).toEqual(
        refused('Not initialized', { kind: 'notInitialized', outcomeKnown: true }),
      );
      expect(backend.requests).toEqual([]);
    }));

  test.each([
    ['no login', 'none', 'codex account authentication required for rate limit reset credits'],
    [
      'an API key',
      { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-test' },
      'chatgpt authentication required for rate limit reset credits',
    ],
  ])('a consume with %s is refused', (_who, auth, message) =>
    withAccount({ auth }, async ({ consume: consumeKey1, backend }) => {
      expect(await consumeKey1()).toEqual(refused(message, { kind: 'authRequired', outcomeKnown: true }));
      expect(backend.requests).toEqual([]);
    }),
  );

  test('a consume without a usable configuration is not sent', () =>
    withAccount({ baseUrl: () => 'not a url' }, async ({ consume: consumeKey1 }) => {
      expect(await consumeKey1()).toEqual(
        failed('builder error', { kind: 'configInvalid', outcomeKnown: true }),
      );
    }));

  test('a consume on a refused connection is not redeemed', () =>
    withAccount({ baseUrl: () => closedPort }, async ({ consume: consumeKey1 }) => {
      expect(await consumeKey1()).toEqual(
        failed(`error sending request for url (${closedPort}${path})`, {
          kind: 'backendUnreachable',
          reason: 'connectionRefused',
          explanation: expect.stringMatching(/^cannot reach .*: connection refused; /) as string,
          outcomeKnown: true,
        }),
      );
    }));
});

describe('replies with an error status', () => {
  test.each([
    ['400 Bad Request', 'backendStatus', true],
    ['401 Unauthorized', 'unauthorized', true],
    ['403 Forbidden', 'backendStatus', true],
    ['404 Not Found', 'backendStatus', true],
    ['422 Unprocessable Entity', 'backendStatus', true],
    ['429 Too Many Requests', 'rateLimited', true],
    ['300 Multiple Choices', 'backendStatus', false],
    ['304 Not Modified', 'backendStatus', false],
    ['402 Payment Required', 'backendStatus', false],
    ['408 Request Timeout', 'backendStatus', false],
    ['409 Conflict', 'backendStatus', false],
    ["418 I'm a teapot", 'backendStatus', false],
    ['500 Internal Server Error', 'backendStatus', false],
    ['501 Not Implemented', 'backendStatus', false],
    ['599 <unknown status code>', 'backendStatus', false],
  ])('a consume with the status %s is %s, its outcome known: %s', (status, kind, outcomeKnown) =>
    withAccount({}, async ({ consume: consumeKey1, backend }) => {
      const httpStatus = Number.parseInt(status);
      const type = { 'content-type': 'text/plain' };
      backend.script('consume', { status: httpStatus, headers: { ...headers, ...type }, body: 'no' });
      const body = httpStatus === 304 ? '' : 'no';
      expect(await consumeKey1()).toEqual(
        failed(`POST ${backend.url}${path} failed: ${status}; content-type=text/plain; body=${body}`, {
          kind,
          httpStatus,
          requestId: 'request-1',
          outcomeKnown,
        }),
      );
    }),
  );

  test.each(['502 Bad Gateway', '503 Service Unavailable', '504 Gateway Timeout'])(
    'a consume with the status %s may have taken effect',
    (status) =>
      withAccount({}, async ({ consume: consumeKey1, backend }) => {
        const httpStatus = Number.parseInt(status);
        backend.script('consume', { status: httpStatus, headers, body: { detail: 'no' } });
        expect(await consumeKey1()).toEqual(
          failed(
            `POST ${backend.url}${path} failed: ${status}; content-type=application/json; body={"detail":"no"}`,
            { kind: 'backendStatus', httpStatus, requestId: 'request-1', outcomeKnown: false },
          ),
        );
      }),
  );

  test('a Retry-After beyond the time limit is reported in milliseconds', () =>
    withAccount({}, async ({ consume: consumeKey1, backend }) => {
      backend.script('consume', { status: 429, headers: { ...headers, 'retry-after': '30' }, body: {} });
      expect(await consumeKey1()).toMatchObject({
        error: {
          data: {
            kind: 'rateLimited',
            httpStatus: 429,
            requestId: 'request-1',
            retryAfterMs: 30_000,
            outcomeKnown: true,
          },
        },
      });
    }));

  test.each([
    ['301 Moved Permanently', 301],
    ['302 Found', 302],
    ['303 See Other', 303],
    ['307 Temporary Redirect', 307],
    ['308 Permanent Redirect', 308],
  ])('a consume with the status %s does not follow the redirect', (status, httpStatus) =>
    withAccount({}, async ({ consume: consumeKey1, backend }) => {
      const location = `${backend.url}/elsewhere`;
      backend.script('consume', { status: httpStatus, headers: { ...headers, location } });
      expect(await consumeKey1()).toEqual(
        failed(`POST ${backend.url}${path} failed: ${status}; content-type=; body=`, {
          kind: 'backendStatus',
          httpStatus,
          requestId: 'request-1',
          reason: 'captivePortal',
          outcomeKnown: false,
        }),
      );
      expect(backend.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`POST ${path}`]);
    }),
  );
});

const brokenReplies: readonly [string, string, (response: ServerResponse) => void][] = [
  ['before the reply', 'error sending request for url', (response) => response.destroy()],
  [
    'in the middle of the reply',
    'error decoding response body',
    (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"code":"reset"}', () => response.destroy());
    },
  ],
];

describe('unclear outcomes', () => {
  test.each(brokenReplies)(
    'a consume whose connection is lost %s may have taken effect',
    (_when, text, breakOff) =>
      withAccount({}, async ({ consume: consumeKey1, backend }) => {
        backend.script('consume', (_request, response) => {
          breakOff(response);
          return 'handled';
        });
        const where = text.endsWith('url') ? ` (${backend.url}${path})` : '';
        expect(await consumeKey1()).toEqual(
          failed(`${text}${where}`, { kind: 'backendUnreachable', outcomeKnown: false }),
        );
      }),
  );

  const unreadable: readonly [string, ScriptedReply, string][] = [
    ['no content', { status: 204 }, 'empty body; content-type=; body='],
    ['an empty body', { status: 200 }, 'empty body; content-type=; body='],
    ['no JSON', { body: 'fine' }, 'not JSON; content-type=application/json; body=fine'],
    ['a list', { body: [] }, 'not a JSON object; content-type=application/json; body=[]'],
    ['no code', { body: {} }, 'missing or unknown `code`; content-type=application/json; body={}'],
    [
      'an unknown code',
      { status: 201, body: { code: 'future' } },
      'missing or unknown `code`; content-type=application/json; body={"code":"future"}',
    ],
  ];

  test.each(unreadable)('a consume whose reply is %s may have taken effect', (_what, reply, text) =>
    withAccount({}, async ({ consume: consumeKey1, backend }) => {
      backend.script('consume', { ...reply, headers });
      expect(await consumeKey1()).toEqual(
        failed(`Decode error for ${backend.url}${path}: ${text}`, {
          kind: 'badReply',
          httpStatus: reply.status ?? 200,
          requestId: 'request-1',
          outcomeKnown: false,
        }),
      );
    }),
  );
});
