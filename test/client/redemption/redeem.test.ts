import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { shownMode } from '../../support/files/shown-mode.js';
import { attempt, withRedeemers } from './fixture.js';
import { listen, withStandIn } from '../connection/stand-in-fixture.js';

const verified = (windows: Redemption['windows'], nowMs: number): Redemption['windows'] =>
  windows.map((window) => ({
    ...window,
    verdict: 'verified',
    after: { usedPercent: 0, resetsAt: nowMs / 1000 + (window.windowDurationMins ?? 0) * 60 },
  }));

const unmoved = (windows: Redemption['windows']): Redemption['windows'] =>
  windows.map((window) => ({ ...window, verdict: 'unmoved' }));

test('a redemption is in the journal before it is sent, and each window is verified', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const { backend, clock } = fixture;
    const expected = attempt(clock, { key: expect.any(String) as string, creditId: 'credit-1', sequence: 1 });
    const before: Redemption[][] = [];
    backend.script('consume', () => void before.push(fixture.journal()));
    const { redemption, limits, isRepeated } = await fixture.newClient().redeem({ creditId: 'credit-1' });

    expect(before).toEqual([[expected]]);
    expect(redemption).toEqual({
      ...expected,
      state: 'verified',
      sequence: 2,
      redeemedAtMs: clock.nowMs(),
      windows: verified(expected.windows, clock.nowMs()),
    });
    expect(fixture.journal()).toEqual([redemption]);
    expect(fixture.consumed()).toEqual([{ redeem_request_id: redemption.key, credit_id: 'credit-1' }]);
    expect([isRepeated, limits?.rateLimits.primary?.usedPercent]).toEqual([false, 0]);
  });
});

test('only the owner can read the journal and its folder', async () => {
  await withRedeemers('at-limit', async ({ newClient, journalPath }) => {
    await newClient().redeem();
    const modes = [journalPath, dirname(journalPath)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([shownMode(0o600), shownMode(0o700)]);
  });
});

test.each([
  ['fresh', 'nothingToReset'],
  ['no-credits', 'noCredit'],
] as const)(
  'with the account %s the outcome is %s, and the next call has a new key',
  async (scenario, state) => {
    await withRedeemers(scenario, async (fixture) => {
      const client = fixture.newClient();
      const { redemption } = await client.redeem();
      expect(redemption).toMatchObject({ state, redeemedAtMs: null, windows: unmoved(redemption.windows) });
      expect((await client.redeem()).redemption.state).toBe(state);
      expect(new Set(fixture.consumed().map((body) => body.redeem_request_id)).size).toBe(2);
    });
  },
);

test('after a lost answer the request is sent again with the same key and credit', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const states: string[] = [];
    fixture.backend.script('consume', () => {
      states.push(...fixture.journal().map(({ state }) => state));
      return states.length < 3 ? { status: 500 } : undefined;
    });
    const { redemption } = await fixture.newClient().redeem({ creditId: 'credit-2' });
    expect(states).toEqual(['sending', 'unclear', 'unclear']);
    expect(redemption.state).toBe('verified');
    const body = { redeem_request_id: redemption.key, credit_id: 'credit-2' };
    expect(fixture.consumed()).toEqual([body, body, body]);
  });
});

test.each([
  ['5', 'verified', [5_000]],
  ['6', 'unclear', []],
] as const)('a retry waits for a Retry-After of %s s, or is not made: %s', async (seconds, state, delays) => {
  await withRedeemers('at-limit', async (fixture) => {
    // The server itself repeats no 500.
    const busy = { status: 500, headers: { 'Retry-After': seconds } };
    fixture.backend.script('consume', () => (fixture.consumed().length === 1 ? busy : undefined));
    const delaysMs: number[] = [];
    const client = fixture.newClient({ onRetry: ({ delayMs }) => delaysMs.push(delayMs) });
    await client.redeem().catch(() => undefined);
    expect([fixture.journal().map((each) => each.state), delaysMs]).toEqual([[state], delays]);
    expect(fixture.consumed().length).toBe(delays.length + 1);
  });
});

test('retries are counted, and can be disabled for all calls or for one', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', { status: 500 });
    const retries: unknown[] = [];
    const client = fixture.newClient({
      onRetry: ({ method, count, delayMs }) => retries.push([method, count, delayMs]),
    });
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    const consume = 'account/rateLimitResetCredit/consume';
    expect(retries.splice(0)).toEqual([
      [consume, 1, 375],
      [consume, 2, 750],
    ]);
    await expect(client.redeem({ maxRetries: 0 })).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    const other = fixture.newClient({ maxRetries: 0 });
    await expect(other.redeem()).rejects.toMatchObject({ kind: 'outcomeUnknown' });
    expect([retries, fixture.consumed().length]).toEqual([[], 5]);
  });
});

test('if the outcome is unknown the next call repeats the key, even of another client', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    // The backend redeems, and each answer is lost.
    fixture.backend.script('consume', (_request, response) => void response.destroy());
    const failure: unknown = await fixture
      .newClient()
      .redeem({ maxRetries: 0 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: 'RedemptionError',
      kind: 'outcomeUnknown',
      redemption: { state: 'unclear', redeemedAtMs: null },
    });
    fixture.backend.script('consume', undefined);
    const { redemption, isRepeated } = await fixture.newClient().redeem();
    expect([redemption.state, isRepeated]).toEqual(['verified', true]);
    expect(new Set(fixture.consumed().map((body) => body.redeem_request_id))).toEqual(
      new Set([redemption.key]),
    );
    expect(fixture.backend.ledger.creditIdByKey.size).toBe(1);
  });
});

test('a logged error does not contain the key', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', { status: 500 });
    const error: unknown = await fixture
      .newClient()
      .redeem()
      .catch((reason: unknown) => reason);
    const [{ key } = { key: '' }] = fixture.journal();
    expect(error).toMatchObject({ kind: 'outcomeUnknown', redemption: { key } });
    expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain(key);
  });
});

test('a refusal throws the error of the request, and finishes the attempt', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    fixture.backend.script('consume', { status: 403, body: {} });
    await expect(client.redeem()).rejects.toMatchObject({ name: 'RequestError', kind: 'backendStatus' });
    fixture.backend.script('consume', undefined);
    expect(await client.redeem()).toMatchObject({ isRepeated: false, redemption: { state: 'verified' } });
    expect((await client.redemptions()).map(({ state }) => state)).toEqual(['refused', 'verified']);
  });
});

test('a read-only server sends nothing', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient({ args: ['--read-only'] });
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'readOnly' });
    expect(fixture.consumed()).toEqual([]);
    expect(fixture.journal().map(({ state }) => state)).toEqual(['refused']);
  });
});

test.each(['sending', 'unclear'] as const)(
  'after a crash while it was %s its key and credit are sent again',
  async (state) => {
    await withRedeemers('at-limit', async (fixture) => {
      fixture.writeJournal([attempt(fixture.clock, { state, creditId: 'credit-2' })]);
      expect(await fixture.newClient().redeem()).toMatchObject({
        isRepeated: true,
        redemption: { key: 'key-1', state: 'verified' },
      });
      expect(fixture.consumed()).toEqual([{ redeem_request_id: 'key-1', credit_id: 'credit-2' }]);
      expect(fixture.journal()).toHaveLength(1);
    });
  },
);

test('after a crash that followed the outcome the windows are read, and nothing is sent', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const redeemed = attempt(fixture.clock, { state: 'redeemed', redeemedAtMs: fixture.clock.nowMs() });
    fixture.writeJournal([redeemed]);
    expect(await fixture.newClient().redeem()).toMatchObject({
      isRepeated: true,
      redemption: { key: 'key-1', state: 'pending' },
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('the open attempt of another account is unchanged', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const foreign = attempt(fixture.clock, { account: { accountId: 'other', userId: null } });
    fixture.writeJournal([foreign]);
    const { redemption, isRepeated } = await fixture.newClient().redeem();
    expect([redemption.key === foreign.key, isRepeated]).toEqual([false, false]);
    expect(fixture.journal()).toEqual([foreign, redemption]);
  });
});

test('a redemption that is aborted after it was sent stays open, and one aborted before is not started', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    const given = new AbortController();
    fixture.backend.script('consume', () => {
      given.abort(new Error('not wanted'));
      return undefined;
    });
    await expect(client.redeem({ signal: given.signal })).rejects.toThrow('not wanted');
    expect(fixture.journal().map(({ state }) => state)).toEqual(['unclear']);
    fixture.writeJournal([]);
    await expect(client.redeem({ signal: given.signal })).rejects.toThrow('not wanted');
    expect([fixture.consumed().length, fixture.journal()]).toEqual([1, []]);
  });
});

test('with codex, whose errors have no data, the same key is sent again', async () => {
  await withRedeemers('fresh', async ({ codexHome, journal }) => {
    const env = { ...process.env, STAND_IN_HOME: codexHome };
    await withStandIn(
      'redeems',
      async (client) => {
        const sent: unknown[] = [];
        listen(client, 'consumed', (params) => sent.push(params));
        const { redemption } = await client.redeem({ creditId: 'credit-1' });
        expect(redemption).toMatchObject({
          state: 'verified',
          account: { accountId: 'account-a', userId: null },
        });
        const params = {
          idempotencyKey: redemption.key,
          creditId: 'credit-1',
          expectedAccountId: 'account-a',
        };
        expect([sent, journal()]).toEqual([[params, params], [redemption]]);
      },
      { env },
    );
  });
});
