import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  ConnectionError,
  type ConnectionErrorKind,
  isConnectionError,
  isRequestError,
  RequestError,
} from '../../src/client/connection/errors.js';
import { isAccountServerError } from '../../src/client/error.js';
import type * as library from '../../src/client/library.js';
import { isRedemptionError, RedemptionError } from '../../src/client/record/error.js';
import { createClient } from '../../src/client/client.js';
import type { ClientOptions } from '../../src/client/client-options.js';
import type { Redemption } from '../../src/client/record/redemption.js';
import { clientInfo } from './connection/stand-in-fixture.js';

const answered = (data: object | undefined, code = -32603): RequestError =>
  new RequestError('account/read', { code, message: 'failed', data });

test('an error of the CommonJS module is recognised by the ES module and by the sources', async () => {
  const cjs = createRequire(import.meta.url)(resolve('dist/client.cjs')) as typeof library;
  const esm = (await import(pathToFileURL(resolve('dist/client.mjs')).href)) as typeof library;
  const errors = [
    new cjs.RequestError('account/read', { code: -32603, message: 'failed' }),
    new cjs.ConnectionError('closed', 'closed'),
    new cjs.RedemptionError('pending', 'pending'),
  ];
  const guards = (of: Pick<typeof library, 'isAccountServerError' | 'isRequestError'> & typeof library) =>
    errors.map((error) => [
      of.isAccountServerError(error),
      of.isRequestError(error),
      of.isConnectionError(error),
      of.isRedemptionError(error),
      error instanceof of.RequestError,
    ]);
  const expected = [
    [true, true, false, false, false],
    [true, false, true, false, false],
    [true, false, false, true, false],
  ];
  expect(guards(esm)).toEqual(expected);
  expect(errors.map((error) => [isAccountServerError(error), isRequestError(error)])).toEqual(
    expected.map((row) => row.slice(0, 2)),
  );
});

test.each([undefined, null, 'RequestError', new Error('x'), { name: 'RequestError' }])(
  'another value, such as %s, is not an error of this library',
  (value) => {
    const guards = [isAccountServerError, isRequestError, isConnectionError, isRedemptionError];
    expect(guards.map((guard) => guard(value))).toEqual([false, false, false, false]);
  },
);

test.each([
  [answered({ kind: 'backendUnreachable' }), true],
  [answered({ kind: 'backendStatus', httpStatus: 500 }), true],
  [answered({ kind: 'backendStatus', httpStatus: 404 }), false],
  [answered({ kind: 'rateLimited' }), true],
  [answered({ kind: 'authRequired' }), false],
  [answered(undefined, -32001), true],
  [answered(undefined), false],
  [new ConnectionError('serverExited', 'exited'), true],
  [new ConnectionError('timedOut', 'timed out'), true],
  [new ConnectionError('tooManyFailedStarts', ''), false],
  // A program that repeats such a call without asking might use a second credit.
  [new RedemptionError('pending', ''), false],
  [new RedemptionError('anotherIsOpen', ''), false],
  [new RedemptionError('lockLost', ''), false],
  [new RedemptionError('journalUnavailable', ''), false],
  [new RedemptionError('journalUnavailable', '', { redemption: {} as Redemption }), true],
  [new RedemptionError('outcomeUnknown', ''), true],
])('whether %s can be retried: %s', (error, isRetryable) => {
  expect(error.isRetryable).toBe(isRetryable);
});

test('a redemption error has the Retry-After of its cause', () => {
  const cause = answered({ kind: 'rateLimited', retryAfterMs: 5_000 });
  const error = new RedemptionError('outcomeUnknown', '', { cause });
  expect([error.retryAfterMs, new RedemptionError('pending', '').retryAfterMs]).toEqual([5_000, undefined]);
});

/** Returns the error of the first call of a client. */
async function firstError(options: Partial<ClientOptions>): Promise<ConnectionError> {
  const client = createClient({ clientInfo, maxRetries: 0, onWarning: () => undefined, ...options });
  try {
    const error: unknown = await client.readAccount().catch((reason: unknown) => reason);
    if (!isConnectionError(error)) throw error;
    return error;
  } finally {
    await client.close();
  }
}

const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln';

test('an error has the end of the stderr of the server, without what looks like a secret', async () => {
  const lines = [
    `refreshed with ${jwt}`,
    'authorization: Bearer abc.def',
    'api key sk-proj-1234567890',
    '{"refresh_token":"rt"}',
    'signed in as me@example.com',
    'panicked at \u001b[31mmain.rs',
  ];
  const text = lines.join('\n');
  const error = await firstError({
    command: process.execPath,
    args: ['-e', 'console.error(process.argv[1]); process.exitCode = 3', text],
  });
  expect(error.stderrTail.split('\n')).toEqual([
    'refreshed with <redacted>',
    'authorization: <redacted>',
    'api key <redacted>',
    '{"refresh_token":<redacted>}',
    'signed in as <redacted>',
    'panicked at [31mmain.rs',
  ]);
  expect(inspect(error)).not.toContain('panicked');
});

test('of a long stderr an error has the last 4 KiB, in whole lines', async () => {
  const { stderrTail } = await firstError({
    command: process.execPath,
    args: ['-e', 'for (let i = 1; i <= 100_000; i += 1) console.error(i); process.exitCode = 3'],
  });
  expect(stderrTail.split('\n')).toEqual(Array.from({ length: 100 }, (_, index) => `${99_901 + index}`));
  const wide = await firstError({
    command: process.execPath,
    args: ['-e', `for (const each of 'abcdef') console.error(each + 'é'.repeat(2000)); process.exit(3)`],
  });
  expect(wide.stderrTail.split('\n').map((line) => [line[0], line.length])).toEqual([
    ['e', 1_000],
    ['f', 1_000],
  ]);
});

test('an error of a server that inherits stderr has no end of it', async () => {
  const { stderrTail } = await firstError({ command: 'false', args: [], stderr: 'inherit' });
  expect(stderrTail).toBe('');
});

test.each<[Partial<ClientOptions>, ConnectionErrorKind, RegExp]>([
  [
    { serverPath: '/nowhere/main.cjs' },
    'serverNotFound',
    /^there is no "\/nowhere\/main\.cjs" \(option `serverPath`\)$/,
  ],
  [{ cwd: '/nowhere' }, 'serverNotStarted', /there is no folder "\/nowhere"$/],
  [{ command: '/nowhere/codex' }, 'serverNotFound', /^the server "\/nowhere\/codex" was not found$/],
  [{ command: 'bad\0name' }, 'serverNotStarted', /^the server "bad\\u0000name" cannot be started/],
])('with %j the first call fails, not createClient', async (options, kind, message) => {
  const error = await firstError(options);
  expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(message)]);
});
