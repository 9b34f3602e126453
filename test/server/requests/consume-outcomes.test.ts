import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';

const consume = 'account/rateLimitResetCredit/consume';

/** Consumes with this key, to which the backend responds with this status, and returns `outcomeKnown`. */
async function outcomeKnown(
  { call, backend }: AccountFixture,
  idempotencyKey: string,
  status: number,
  code = 'already_redeemed',
): Promise<unknown> {
  backend.script('consume', { status, body: status === 200 ? { code } : {} });
  const { error } = (await call(consume, { idempotencyKey })) as {
    error?: { data: { outcomeKnown: unknown } };
  };
  return error?.data.outcomeKnown;
}

test('after an unclear attempt a refusal of the same key has no known outcome', () =>
  withAccount({}, async (fixture) => {
    expect(await outcomeKnown(fixture, 'k', 500)).toBe(false);
    expect(await outcomeKnown(fixture, 'k', 400)).toBe(false);
    expect(await outcomeKnown(fixture, 'k', 400)).toBe(false);
  }));

test('an unclear attempt does not affect another key', () =>
  withAccount({}, async (fixture) => {
    expect(await outcomeKnown(fixture, 'k', 500)).toBe(false);
    expect(await outcomeKnown(fixture, 'other', 400)).toBe(true);
  }));

test('a refusal of a key that has redeemed has no known outcome', () =>
  withAccount({}, async (fixture) => {
    expect(await outcomeKnown(fixture, 'k', 200)).toBe(undefined);
    expect(await outcomeKnown(fixture, 'k', 400)).toBe(false);
    expect(await outcomeKnown(fixture, 'other', 400)).toBe(true);
  }));

test.each(['no_credit', 'nothing_to_reset'])(
  'after the outcome %s a refusal has a known outcome, except after an unclear attempt',
  (code) =>
    withAccount({}, async (fixture) => {
      expect(await outcomeKnown(fixture, 'clear', 200, code)).toBe(undefined);
      expect(await outcomeKnown(fixture, 'clear', 400)).toBe(true);
      expect(await outcomeKnown(fixture, 'k', 500)).toBe(false);
      expect(await outcomeKnown(fixture, 'k', 200, code)).toBe(undefined);
      expect(await outcomeKnown(fixture, 'k', 400)).toBe(false);
    }),
);

test('a consume that is cancelled while another one with its key is running has no known outcome', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    const send = (idempotencyKey: string) => server.request(consume, { idempotencyKey });
    const [first, second, other] = [send('k'), send('k'), send('other')];
    const running = await nextConsume();
    server.shutdown.abort();
    const data = (isKnown: boolean) => ({ error: { data: { kind: 'shuttingDown', outcomeKnown: isKnown } } });
    expect(await second).toMatchObject(data(false));
    expect(await other).toMatchObject(data(true));
    running.answer({ code: 'reset' });
    expect(await first).toMatchObject({ result: { outcome: 'reset' } });
  }));

test.each([
  ['before the new login', [503, 401], [400], 400],
  ['with the new login, which was refused then', [401], [503, 401], 401],
])('an attempt that was unclear %s stays unclear', (_when, before, after, httpStatus) =>
  withAccount({}, async ({ backend, authPath, call }) => {
    const file = JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object };
    backend.script('consume', ({ headers }) => {
      const isRenewed = headers.authorization === 'Bearer renewed';
      const status = (isRenewed ? after : before).shift() ?? 500;
      if (status === 401) {
        const tokens = { ...file.tokens, access_token: 'renewed' };
        writeFileSync(authPath, JSON.stringify({ ...file, tokens }));
      }
      return { status, body: '' };
    });
    expect(await call(consume, { idempotencyKey: 'k' })).toMatchObject({
      error: { data: { httpStatus, outcomeKnown: false } },
    });
  }),
);

test('an attempt that is refused before it is sent does not settle an unclear one', () =>
  withAccount({}, async (fixture) => {
    const { call, backend, authPath } = fixture;
    await outcomeKnown(fixture, 'k', 500);
    rmSync(authPath);
    const refused = (isKnown: boolean): object => ({
      error: {
        code: -32600,
        message: 'codex account authentication required for rate limit reset credits',
        data: { kind: 'authRequired', outcomeKnown: isKnown },
      },
    });
    expect(await call(consume, { idempotencyKey: 'k' })).toEqual(refused(false));
    expect(await call(consume, { idempotencyKey: 'other' })).toEqual(refused(true));
    expect(backend.requests).toHaveLength(1);
  }));
