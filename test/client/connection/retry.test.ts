import { expect, test } from 'vitest';
import { ConnectionError, RequestError } from '../../../src/client/connection/errors.js';
import { retryDelayMs } from '../../../src/client/connection/retry.js';

const read = 'account/rateLimits/read';
const consume = 'account/rateLimitResetCredit/consume';

const exited = new ConnectionError('serverExited', 'gone');
const answered = (data: object | undefined, code = -32603): RequestError =>
  new RequestError(read, { code, message: 'failed', data });

/** Returns the delay before the first of two retries, with `random` at 0. */
function delayOf(error: unknown, method: Parameters<typeof retryDelayMs>[0]['method'] = read) {
  return retryDelayMs({ method, error, retries: 0, maxRetries: 2 }, 0);
}

test.each([
  ['the exit of the server', exited],
  ['an overloaded codex', answered(undefined, -32001)],
  ['an unreachable backend', answered({ kind: 'backendUnreachable' })],
  ['a time-out of the backend', answered({ kind: 'timedOut' })],
  ['a server that shuts down', answered({ kind: 'shuttingDown' })],
  ['an error status of the backend', answered({ kind: 'backendStatus', httpStatus: 502 })],
])('a request is sent again after %s', (_what, error) => {
  expect(delayOf(error)).toBe(250);
});

test.each([
  ['a time limit of the caller', new ConnectionError('timedOut', 'late')],
  ['an invalid message', new ConnectionError('badMessage', 'bad')],
  ['a missing server', new ConnectionError('serverNotFound', 'none')],
  ['a missing login', answered({ kind: 'authRequired' }, -32600)],
  ['a refused login', answered({ kind: 'unauthorized', httpStatus: 401 })],
  ['a status 404', answered({ kind: 'backendStatus', httpStatus: 404 })],
  ['a rate limit without a delay', answered({ kind: 'rateLimited', httpStatus: 429 })],
  ['a rate limit with a long delay', answered({ kind: 'rateLimited', retryAfterMs: 5_001 })],
  ['an error without data', answered(undefined)],
  ['an error of a read-only server', answered({ kind: 'readOnly' }, -32600)],
  ['an abort', new Error('aborted')],
])('a request is not sent again after %s', (_what, error) => {
  expect(delayOf(error)).toBeUndefined();
});

test('a short Retry-After is the delay', () => {
  expect(delayOf(answered({ kind: 'rateLimited', retryAfterMs: 3_000 }))).toBe(3_000);
});

test.each([
  [5_000, 5_000],
  [0, 0],
  [-5_000, 0],
  [900_001, 900_000],
  [1_767_225_600_000, 900_000],
  [Infinity, 900_000],
  ['5', undefined],
  [null, undefined],
])('a retryAfterMs of %j that a server sends is %j in the details of the error', (sent, retryAfterMs) => {
  const { details } = answered({ kind: 'rateLimited', retryAfterMs: sent, httpStatus: 429 });
  expect(details).toEqual({ httpStatus: 429, ...(retryAfterMs !== undefined && { retryAfterMs }) });
});

test('delays double up to five seconds, and have random jitter', () => {
  const delays = [0, 1, 2, 3, 4, 5].map((retries) =>
    [0, 0.999_999].map((random) =>
      Math.round(retryDelayMs({ method: read, error: exited, retries, maxRetries: 9 }, random) ?? 0),
    ),
  );
  expect(delays).toEqual([
    [250, 500],
    [500, 1_000],
    [1_000, 2_000],
    [2_000, 4_000],
    [2_500, 5_000],
    [2_500, 5_000],
  ]);
});

test('a request is not sent again after the last retry, or if no retries are allowed', () => {
  const at = (retries: number, maxRetries: number) =>
    retryDelayMs({ method: read, error: exited, retries, maxRetries }, 0);
  expect([at(1, 2), at(2, 2), at(0, 0)]).toEqual([500, undefined, undefined]);
});

test('a consume with a key is sent again, and logins, logout and the nudge are not', () => {
  const methods = [
    consume,
    'account/login/start',
    'account/login/cancel',
    'account/logout',
    'account/sendAddCreditsNudgeEmail',
  ] as const;
  const unreachable = answered({ kind: 'backendUnreachable' });
  expect(methods.map((method) => delayOf(unreachable, method))).toEqual([
    250,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a consume is not sent to another server', () => {
  expect(delayOf(exited, consume)).toBeUndefined();
});
