import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bench, withBench } from '../support/account-bench.js';

const consume = 'account/rateLimitResetCredit/consume';

/** A consume with this key that the backend answers with this status, and what is then known of its outcome. */
async function outcomeKnown(
  { call, backend }: Bench,
  idempotencyKey: string,
  status: number,
): Promise<unknown> {
  backend.script('consume', { status, body: status === 200 ? { code: 'already_redeemed' } : {} });
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

test('once the backend has told the outcome of a key, a later refusal is one again', () =>
  withBench({}, async (bench) => {
    expect(await outcomeKnown(bench, 'k', 500)).toBe(false);
    expect(await outcomeKnown(bench, 'k', 200)).toBe(undefined);
    expect(await outcomeKnown(bench, 'k', 400)).toBe(true);
  }));

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
