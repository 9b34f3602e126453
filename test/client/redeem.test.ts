import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Redemption } from '../../src/client/redemption.js';
import { attempt, withRedeemers } from './redeem-bench.js';
import { withStandIn } from './stand-in-bench.js';

const verified = (windows: Redemption['windows']): Redemption['windows'] =>
  windows.map((window) => ({ ...window, verdict: 'verified' }));

const unmoved = (windows: Redemption['windows']): Redemption['windows'] =>
  windows.map((window) => ({ ...window, verdict: 'unmoved' }));

test('a redemption stands in the journal before it is sent, and is verified window by window', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const { backend, clock } = bench;
    const expected = attempt(clock, { key: expect.any(String) as string, creditId: 'credit-1' });
    const before: Redemption[][] = [];
    backend.script('consume', () => void before.push(bench.journal()));
    const { redemption, limits, isRepeated } = await bench.newClient().redeem({ creditId: 'credit-1' });

    expect(before).toEqual([[expected]]);
    expect(redemption).toEqual({
      ...expected,
      state: 'verified',
      redeemedAtMs: clock.nowMs(),
      windows: verified(expected.windows),
    });
    expect(bench.journal()).toEqual([redemption]);
    expect(bench.consumed()).toEqual([{ redeem_request_id: redemption.key, credit_id: 'credit-1' }]);
    expect([isRepeated, limits?.rateLimits.primary?.usedPercent]).toEqual([false, 0]);
  });
});

test('journal and folder are for their owner alone', async () => {
  await withRedeemers('at-limit', async ({ newClient, journalPath }) => {
    await newClient().redeem();
    const modes = [journalPath, dirname(journalPath)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
  });
});

test.each([
  ['fresh', 'nothingToReset'],
  ['no-credits', 'noCredit'],
] as const)(
  'with the account %s the outcome is %s, and the next wish has a new key',
  async (scenario, state) => {
    await withRedeemers(scenario, async (bench) => {
      const client = bench.newClient();
      const { redemption } = await client.redeem();
      expect(redemption).toMatchObject({ state, redeemedAtMs: null, windows: unmoved(redemption.windows) });
      expect((await client.redeem()).redemption.state).toBe(state);
      expect(new Set(bench.consumed().map((body) => body.redeem_request_id)).size).toBe(2);
    });
  },
);

test('an answer that is lost is asked for again with the same key and credit', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const states: string[] = [];
    bench.backend.script('consume', () => {
      states.push(...bench.journal().map(({ state }) => state));
      return states.length < 3 ? { status: 500 } : undefined;
    });
    const { redemption } = await bench.newClient().redeem({ creditId: 'credit-2' });
    expect(states).toEqual(['sending', 'unclear', 'unclear']);
    expect(redemption.state).toBe('verified');
    const body = { redeem_request_id: redemption.key, credit_id: 'credit-2' };
    expect(bench.consumed()).toEqual([body, body, body]);
  });
});

test('repetitions are counted, and switched off for all calls or one', async () => {
  await withRedeemers('at-limit', async (bench) => {
    bench.backend.script('consume', { status: 500 });
    const retries: unknown[] = [];
    const client = bench.newClient({
      onRetry: ({ method, count, delayMs }) => retries.push([method, count, delayMs]),
    });
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    const consume = 'account/rateLimitResetCredit/consume';
    expect(retries.splice(0)).toEqual([
      [consume, 1, 375],
      [consume, 2, 750],
    ]);
    await expect(client.redeem({ maxRetries: 0 })).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    const other = bench.newClient({ maxRetries: 0 });
    await expect(other.redeem()).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    expect([retries, bench.consumed().length]).toEqual([[], 5]);
  });
});

test('where nobody knows the outcome the next call, of another client, repeats that key', async () => {
  await withRedeemers('at-limit', async (bench) => {
    // The backend redeems, and each answer is lost.
    bench.backend.script('consume', (_request, response) => void response.destroy());
    const failure: unknown = await bench
      .newClient()
      .redeem({ maxRetries: 0 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'RedemptionError',
      kind: 'outcomeUnknown',
      redemption: { state: 'unclear', redeemedAtMs: null },
    });
    bench.backend.script('consume', undefined);
    const { redemption, isRepeated } = await bench.newClient().redeem();
    expect([redemption.state, isRepeated]).toEqual(['verified', true]);
    expect(new Set(bench.consumed().map((body) => body.redeem_request_id))).toEqual(
      new Set([redemption.key]),
    );
    expect(bench.backend.ledger.creditIdByKey.size).toBe(1);
  });
});

test('an error that is logged does not show the key', async () => {
  await withRedeemers('at-limit', async (bench) => {
    bench.backend.script('consume', { status: 500 });
    const error: unknown = await bench
      .newClient()
      .redeem()
      .catch((reason: unknown) => reason);
    const [{ key } = { key: '' }] = bench.journal();
    expect(error).toMatchObject({ kind: 'outcomeUnknown', redemption: { key } });
    expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain(key);
  });
});

test('a refusal is an error of the request, and finishes the attempt', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient();
    bench.backend.script('consume', { status: 403, body: {} });
    await expect(client.redeem()).rejects.toMatchObject({ name: 'RequestError', kind: 'backendStatus' });
    bench.backend.script('consume', undefined);
    expect(await client.redeem()).toMatchObject({ isRepeated: false, redemption: { state: 'verified' } });
    expect((await client.redemptions()).map(({ state }) => state)).toEqual(['refused', 'verified']);
  });
});

test('a server that is read-only sends nothing', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient({ args: ['--read-only'] });
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'readOnly' });
    expect(bench.consumed()).toEqual([]);
    expect(bench.journal().map(({ state }) => state)).toEqual(['refused']);
  });
});

test.each(['sending', 'unclear'] as const)(
  'after a crash while it was %s its key and credit are sent again',
  async (state) => {
    await withRedeemers('at-limit', async (bench) => {
      bench.writeJournal([attempt(bench.clock, { state, creditId: 'credit-2' })]);
      expect(await bench.newClient().redeem()).toMatchObject({
        isRepeated: true,
        redemption: { key: 'key-1', state: 'verified' },
      });
      expect(bench.consumed()).toEqual([{ redeem_request_id: 'key-1', credit_id: 'credit-2' }]);
      expect(bench.journal()).toHaveLength(1);
    });
  },
);

test('after a crash behind the outcome the windows are looked at, and nothing is sent', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const redeemed = attempt(bench.clock, { state: 'redeemed', redeemedAtMs: bench.clock.nowMs() });
    bench.writeJournal([redeemed]);
    expect(await bench.newClient().redeem()).toMatchObject({
      isRepeated: true,
      redemption: { key: 'key-1', state: 'pending' },
    });
    expect(bench.consumed()).toEqual([]);
  });
});

test('the open attempt of another account is left alone', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const foreign = attempt(bench.clock, { account: { accountId: 'other', userId: null } });
    bench.writeJournal([foreign]);
    const { redemption, isRepeated } = await bench.newClient().redeem();
    expect([redemption.key === foreign.key, isRepeated]).toEqual([false, false]);
    expect(bench.journal()).toEqual([foreign, redemption]);
  });
});

test('an aborted redemption stays open once it was sent, and is not begun before', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient();
    const given = new AbortController();
    bench.backend.script('consume', () => {
      given.abort(new Error('not wanted'));
      return undefined;
    });
    await expect(client.redeem({ signal: given.signal })).rejects.toThrow('not wanted');
    expect(bench.journal().map(({ state }) => state)).toEqual(['unclear']);
    bench.writeJournal([]);
    await expect(client.redeem({ signal: given.signal })).rejects.toThrow('not wanted');
    expect([bench.consumed().length, bench.journal()]).toEqual([1, []]);
  });
});

test('with codex itself, whose errors tell no reason, the same key is sent again', async () => {
  await withRedeemers('fresh', async ({ codexHome, journal }) => {
    const environment = { ...process.env, STAND_IN_HOME: codexHome };
    await withStandIn(
      'redeems',
      async (client) => {
        const sent: unknown[] = [];
        client.onNotification('consumed', (params) => sent.push(params));
        const { redemption } = await client.redeem({ creditId: 'credit-1' });
        expect(redemption).toMatchObject({
          state: 'verified',
          account: { accountId: 'account-a', userId: null },
        });
        const params = { idempotencyKey: redemption.key, creditId: 'credit-1' };
        expect([sent, journal()]).toEqual([[params, params], [redemption]]);
      },
      { environment },
    );
  });
});
