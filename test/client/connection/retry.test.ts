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
  ['a server that has ended', exited],
  ['codex with too many requests waiting', answered(undefined, -32001)],
  ['no way to the backend', answered({ kind: 'backendUnreachable' })],
  ['no reply in time', answered({ kind: 'timedOut' })],
  ['a server that ends', answered({ kind: 'shuttingDown' })],
  ['a fault of the backend', answered({ kind: 'backendStatus', httpStatus: 502 })],
])('%s: sent again', (_what, error) => {
  expect(delayOf(error)).toBe(250);
});

test.each([
  ['a time limit of the caller', new ConnectionError('timedOut', 'late')],
  ['what is no message', new ConnectionError('badMessage', 'bad')],
  ['no server', new ConnectionError('serverNotFound', 'none')],
  ['nobody signed in', answered({ kind: 'authRequired' }, -32600)],
  ['a login that is refused', answered({ kind: 'unauthorized', httpStatus: 401 })],
  ['another refusal', answered({ kind: 'backendStatus', httpStatus: 404 })],
  ['too many requests without a word on when', answered({ kind: 'rateLimited', httpStatus: 429 })],
  ['too many requests for a long time', answered({ kind: 'rateLimited', retryAfterMs: 5_001 })],
  ['an error that tells nothing', answered(undefined)],
  ['a server that is read-only', answered({ kind: 'readOnly' }, -32600)],
  ['an abort', new Error('aborted')],
])('%s: not sent again', (_what, error) => {
  expect(delayOf(error)).toBeUndefined();
});

test('a Retry-After that is short is waited for', () => {
  expect(delayOf(answered({ kind: 'rateLimited', retryAfterMs: 3_000 }))).toBe(3_000);
});

test('delays double up to five seconds, and are spread by chance', () => {
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

test('after the last retry, or with none allowed, it is over', () => {
  const at = (retries: number, maxRetries: number) =>
    retryDelayMs({ method: read, error: exited, retries, maxRetries }, 0);
  expect([at(1, 2), at(2, 2), at(0, 0)]).toEqual([500, undefined, undefined]);
});

test('a consume is sent again with what it had, logins, logout and the nudge never', () => {
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
