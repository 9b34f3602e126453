import { expect, test } from 'vitest';
import { systemClock } from '../../../src/util/clock.js';
import { withAccount } from '../../support/account-fixture.js';

const requestId = { 'x-request-id': 'req-1' };
/** A clock whose time is always the start of 2026. Its timers run. */
const clock = { ...systemClock, nowMs: () => Date.parse('2026-01-01T00:00:00Z') };

test.each([
  [{ 'x-request-id': 'req-1' }, 'req-1'],
  [{ 'x-request-id': 'req-1', 'x-oai-request-id': 'req-2' }, 'req-1'],
  [{ 'x-oai-request-id': 'req-2' }, 'req-2'],
  [{ 'x-request-id': 'for-Dev@Example.com-1' }, 'for-<redacted>-1'],
  [{}, undefined],
])('the headers %j give the request id %j', (headers, id) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', (_request, response) => {
      response.removeHeader('x-request-id');
      return { status: 500, headers, body: '' };
    });
    const { error } = (await read()) as { error: { data: object } };
    expect(error.data).toEqual({ kind: 'backendStatus', httpStatus: 500, ...(id && { requestId: id }) });
  }),
);

test.each([
  ['30', 30_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['899', 899_000],
  ['901', 900_000],
  ['1767225600', 900_000],
  ['1767225600000', 900_000],
  ['99999999999999999999', 900_000],
  ['9'.repeat(400), 900_000],
  ['Thu, 01 Jan 2026 00:15:01 GMT', 900_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 900_000],
  ['1e3', undefined],
  ['0x10', undefined],
  ['2026-01-01T00:00:05Z', undefined],
  ['soon', undefined],
  ['', undefined],
  ['1.5', undefined],
  ['-5', undefined],
  ['5, 7', undefined],
])('a Retry-After of %j is a delay of %j milliseconds', (retryAfter, retryAfterMs) =>
  withAccount({ clock }, async ({ backend, read }) => {
    backend.script('usage', { status: 500, headers: { ...requestId, 'retry-after': retryAfter }, body: '' });
    const { error } = (await read()) as { error: { data: object } };
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    expect(error.data).toEqual({ kind: 'backendStatus', httpStatus: 500, requestId: 'req-1', ...wait });
  }),
);

/** A status, its kind, and whether it is certain that a consume redeemed nothing. */
const statuses: [number, string, boolean][] = [
  [302, 'backendStatus', false],
  [400, 'backendStatus', true],
  [401, 'unauthorized', true],
  [403, 'backendStatus', true],
  [404, 'backendStatus', true],
  [405, 'backendStatus', false],
  [408, 'backendStatus', false],
  [409, 'backendStatus', false],
  [418, 'backendStatus', false],
  [422, 'backendStatus', true],
  [429, 'rateLimited', true],
  [500, 'backendStatus', false],
];

test.each(statuses)(
  'a consume with the status %i has the kind %s and outcomeKnown %j',
  (status, kind, outcomeKnown) =>
    withAccount({}, async ({ backend, consume }) => {
      backend.script('consume', { status, headers: requestId, body: '' });
      const { error } = (await consume()) as { error: { data: object } };
      expect(error.data).toEqual({ kind, httpStatus: status, requestId: 'req-1', outcomeKnown });
    }),
);

test.each(statuses)('a read with the status %i has the kind %s', (status, kind) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { status, headers: requestId, body: '' });
    const { error } = (await read()) as { error: { data: object } };
    expect(error.data).toEqual({ kind, httpStatus: status, requestId: 'req-1' });
  }),
);

test('an error for a rate limit has text, kind, status, request id and delay', () =>
  withAccount({ scenario: 'rate-limited' }, async ({ backend, consume }) => {
    const url = `${backend.url}/api/codex/rate-limit-reset-credits/consume`;
    expect(await consume()).toEqual({
      error: {
        code: -32603,
        message: `failed to consume rate limit reset: POST ${url} failed: 429 Too Many Requests; content-type=application/json; body={"detail":"Too many requests"}`,
        data: {
          kind: 'rateLimited',
          httpStatus: 429,
          requestId: expect.any(String),
          retryAfterMs: 30_000,
          outcomeKnown: true,
        },
      },
    });
  }));

test.each([
  ['{}', 'missing or unknown `code`'],
  ['{"code":null}', 'missing or unknown `code`'],
  ['{"code":"future"}', 'missing or unknown `code`'],
  ['{"code":"nothingToReset"}', 'missing or unknown `code`'],
  ['{"windows_reset":2}', 'missing or unknown `code`'],
  ['["reset"]', 'not a JSON object'],
  ['reset', 'not JSON'],
  ['', 'empty body'],
])('the outcome of a consume with the answer %s is unknown', (body, reason) =>
  withAccount({}, async ({ backend, consume }) => {
    backend.script('consume', { status: 201, headers: requestId, body });
    const url = `${backend.url}/api/codex/rate-limit-reset-credits/consume`;
    expect(await consume()).toEqual({
      error: {
        code: -32603,
        message: `failed to consume rate limit reset: Decode error for ${url}: ${reason}; content-type=application/json; body=${body}`,
        data: { kind: 'badReply', httpStatus: 201, requestId: 'req-1', outcomeKnown: false },
      },
    });
  }),
);

test.each(['null', '"2"', '1.5', 'true', '-1', '{}'])('windows_reset of %s is ignored', (text) =>
  withAccount({}, async ({ backend, consume }) => {
    backend.script('consume', { body: `{"windows_reset":${text},"code":"reset"}` });
    expect(await consume()).toEqual({ result: { outcome: 'reset' } });
  }),
);
