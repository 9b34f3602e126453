import { expect, test } from 'vitest';
import { pendingLimitMs } from '../../../src/client/record/state.js';
import type { RedeemOptions } from '../../../src/client/redemption/options.js';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';

const minuteMs = 60_000;

/** Makes the backend redeem without moving a window. */
function redeemWithoutMoving({ backend }: RedeemFixture): void {
  backend.script('consume', { body: { code: 'reset', windows_reset: 2 } });
}

/** Makes the backend report this use of the windows, with their reset times unchanged. */
function showUse({ backend, clock }: RedeemFixture, primary: number, secondary: number): void {
  const startSeconds = Date.parse('2026-01-01T00:00:00Z') / 1000;
  const window = (used: number, lengthSeconds: number, endsAfterSeconds: number): object => ({
    used_percent: used,
    limit_window_seconds: lengthSeconds,
    reset_at: startSeconds + endsAfterSeconds,
    reset_after_seconds: startSeconds + endsAfterSeconds - clock.nowMs() / 1000,
  });
  backend.script('usage', {
    body: {
      user_id: 'user-dev',
      account_id: 'account-dev',
      plan_type: 'pro',
      rate_limit: {
        allowed: true,
        limit_reached: false,
        primary_window: window(primary, 18_000, 7_200),
        secondary_window: window(secondary, 604_800, 259_200),
      },
    },
  });
}

const verdictsOf = ({ windows }: { windows: readonly { verdict: string }[] }): string[] =>
  windows.map(({ verdict }) => verdict);

/** Redeems without moving a window, and returns when the limits were read after it, in milliseconds. */
async function readsAfter(
  fixture: RedeemFixture,
  options: RedeemOptions,
): Promise<{ redemption: Redemption; times: readonly number[] }> {
  const { backend, clock } = fixture;
  const times: number[] = [];
  redeemWithoutMoving(fixture);
  const startMs = clock.nowMs();
  backend.script('usage', () => void times.push(clock.nowMs() - startMs));
  const { redemption } = await fixture.newClient().redeem(options);
  // The first read is before the redemption.
  return { redemption, times: times.slice(1) };
}

test('windows that do not move are read again after 0, 1, 3, 7 and 15 s, and are then pending', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const { redemption, times } = await readsAfter(fixture, {});
    expect(times).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
    expect([redemption.state, verdictsOf(redemption)]).toEqual(['pending', ['pending', 'pending']]);
  });
});

test('the last read is when verifyForMs has passed', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const { times } = await readsAfter(fixture, { verifyForMs: 5_000 });
    expect(times).toEqual([0, 1_000, 3_000, 5_000]);
  });
});

test('the reads do not take longer if the clock is set back', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    let [reads, backMs] = [0, 0];
    redeemWithoutMoving(fixture);
    fixture.backend.script('usage', () => {
      reads += 1;
      if (reads === 3) backMs = 60 * minuteMs;
      return undefined;
    });
    const clock = { ...fixture.clock, nowMs: () => fixture.clock.nowMs() - backMs };
    await fixture.newClient({ clock }).redeem();
    // One read before the redemption.
    expect(reads).toBe(1 + 5);
  });
});

test('while a redemption is pending the next one of any client is refused, unless it is forced', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    redeemWithoutMoving(fixture);
    const client = fixture.newClient();
    const { redemption } = await client.redeem({ verifyForMs: 0 });
    const refusal = { name: 'RedemptionError', kind: 'pending', redemption: { key: redemption.key } };
    await expect(client.redeem()).rejects.toMatchObject(refusal);
    await expect(fixture.newClient().redeem()).rejects.toMatchObject(refusal);
    expect(fixture.consumed()).toHaveLength(1);

    expect(await client.redeem({ force: true, verifyForMs: 0 })).toMatchObject({ isRepeated: false });
    expect(new Set(fixture.consumed().map((body) => body.redeem_request_id)).size).toBe(2);
  });
});

test('after four hours the next redemption can begin, and the windows of the first are unmoved', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    redeemWithoutMoving(fixture);
    const client = fixture.newClient();
    await client.redeem({ verifyForMs: 0 });
    fixture.clock.leap(pendingLimitMs - 1);
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'pending' });
    fixture.clock.leap(1);
    const [first] = await client.redemptions();
    expect(first && verdictsOf(first)).toEqual(['unmoved', 'unmoved']);
    expect(await client.redeem({ verifyForMs: 0 })).toMatchObject({ isRepeated: false });
  });
});

test('the next redemption can begin if the windows move half an hour later', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    redeemWithoutMoving(fixture);
    const client = fixture.newClient();
    await client.redeem({ verifyForMs: 0 });
    fixture.clock.leap(30 * minuteMs);
    showUse(fixture, 3, 1);
    await client.redeem({ verifyForMs: 0 });
    expect(fixture.journal().map(({ state }) => state)).toEqual(['verified', 'pending']);
  });
});

test('a redemption is partial if some windows have moved, and resuming it reads the others without a request', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', () => {
      showUse(fixture, 0, 100);
      return { body: { code: 'reset', windows_reset: 2 } };
    });
    const client = fixture.newClient();
    const { redemption } = await client.redeem();
    expect([redemption.state, verdictsOf(redemption)]).toEqual(['partial', ['verified', 'pending']]);
    await expect(client.redeem()).rejects.toMatchObject({
      kind: 'pending',
      redemption: { state: 'partial' },
    });

    showUse(fixture, 5, 0);
    const later = await client.resumeRedemption();
    expect(later?.redemption).toMatchObject({ key: redemption.key, state: 'verified' });
    expect(await client.resumeRedemption()).toBeNull();
    expect(fixture.consumed()).toHaveLength(1);
  });
});

test('an open attempt is resumed with its key', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([attempt(fixture.clock, { state: 'unclear' })]);
    expect(await fixture.newClient().resumeRedemption()).toMatchObject({
      isRepeated: true,
      redemption: { key: 'key-1', state: 'verified' },
    });
  });
});

test('a redemption succeeds even if the reads after it fail', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', () => {
      fixture.backend.script('usage', { status: 500 });
      return undefined;
    });
    expect(await fixture.newClient().redeem({ verifyForMs: 1_000 })).toMatchObject({
      redemption: { state: 'pending' },
      limits: null,
    });
  });
});

test('a redemption that is aborted while it is verified succeeds with the state so far', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const given = new AbortController();
    fixture.backend.script('consume', () => {
      fixture.backend.script('usage', () => {
        given.abort();
        return undefined;
      });
      return { body: { code: 'reset', windows_reset: 2 } };
    });
    const { redemption } = await fixture.newClient().redeem({ signal: given.signal });
    expect(redemption.state).toBe('pending');
  });
});
