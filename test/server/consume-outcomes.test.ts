import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bench, withBench } from '../support/account-bench.js';
import { holdEndpoint } from '../support/held-endpoint.js';

const consume = 'account/rateLimitResetCredit/consume';

/** A consume with this key that the backend answers with this status, and what is then known of its outcome. */
async function outcomeKnown(
  { call, backend }: Bench,
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

test('a refusal after an unclear attempt with the same key does not say that nothing was redeemed', () =>
  withBench({}, async (bench) => {
    expect(await outcomeKnown(bench, 'k', 500)).toBe(false);
    expect(await outcomeKnown(bench, 'k', 400)).toBe(false);
    expect(await outcomeKnown(bench, 'k', 400)).toBe(false);
  }));

test('an unclear attempt says nothing about another key', () =>
  withBench({}, async (bench) => {
    expect(await outcomeKnown(bench, 'k', 500)).toBe(false);
    expect(await outcomeKnown(bench, 'other', 400)).toBe(true);
  }));

test('a refusal of a key that has redeemed does not say that nothing was redeemed', () =>
  withBench({}, async (bench) => {
    expect(await outcomeKnown(bench, 'k', 200)).toBe(undefined);
    expect(await outcomeKnown(bench, 'k', 400)).toBe(false);
    expect(await outcomeKnown(bench, 'other', 400)).toBe(true);
  }));

test.each(['no_credit', 'nothing_to_reset'])(
  'the outcome %s alone leaves a later refusal what it is, but does not clear up an unclear attempt',
  (code) =>
    withBench({}, async (bench) => {
      expect(await outcomeKnown(bench, 'clear', 200, code)).toBe(undefined);
      expect(await outcomeKnown(bench, 'clear', 400)).toBe(true);
      expect(await outcomeKnown(bench, 'k', 500)).toBe(false);
      expect(await outcomeKnown(bench, 'k', 200, code)).toBe(undefined);
      expect(await outcomeKnown(bench, 'k', 400)).toBe(false);
    }),
);

test('a consume that is given up while another one with its key is under way has no known outcome', () =>
  withBench({}, async ({ server, backend }) => {
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
])('an attempt that was unclear %s stays so', (_when, before, after, httpStatus) =>
  withBench({}, async ({ backend, authPath, call }) => {
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

test('an attempt that is refused before it is sent leaves the outcome of an unclear one open', () =>
  withBench({}, async (bench) => {
    const { call, backend, authPath } = bench;
    await outcomeKnown(bench, 'k', 500);
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
