import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Redemption } from '../../../src/client/record/redemption.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';

const weekMins = 10_080;
const nowSecs = Math.floor(Date.now() / 1000);
const [oldEnd, newEnd] = [nowSecs + 200_000, nowSecs + 580_000];

/** An attempt that has reset the week some hours ago, in the time of the server process. */
function verified({ clock }: RedeemFixture, changes: Partial<Redemption> = {}): Redemption {
  const atMs = (nowSecs - 20_000) * 1000;
  return attempt(clock, {
    ...{ state: 'verified', startedAtMs: atMs, updatedAtMs: atMs, redeemedAtMs: atMs },
    windows: [
      {
        slot: 'primary',
        windowDurationMins: weekMins,
        usedPercent: 74,
        resetsAt: oldEnd,
        verdict: 'verified',
        after: { usedPercent: 0, resetsAt: newEnd },
      },
    ],
    ...changes,
  });
}

function show({ backend }: RedeemFixture, usedPercent: number, resetAt: number): void {
  const window = { used_percent: usedPercent, limit_window_seconds: weekMins * 60, reset_at: resetAt };
  backend.script('usage', {
    body: {
      user_id: 'user-dev',
      account_id: 'account-dev',
      plan_type: 'pro',
      rate_limit: { allowed: true, limit_reached: false, primary_window: window },
    },
  });
}

test('a stored read of a server process records that the old window is back, and a plain read looks at nothing', () =>
  withRedeemers('at-limit', async (fixture) => {
    const { journal, journalPath, newClient, writeJournal } = fixture;
    writeJournal([verified(fixture)]);
    show(fixture, 74, oldEnd);
    const client = newClient();
    await client.readRateLimits();
    expect(journal()[0]?.state).toBe('verified');
    await client.readRateLimits({ maxAgeMs: 0 });
    expect(journal()[0]).toMatchObject({
      state: 'reverted',
      reversal: {
        windows: [{ slot: 'primary', windowDurationMins: weekMins, usedPercent: 74, resetsAt: oldEnd }],
      },
    });
    const before = statSync(journalPath, { bigint: true }).mtimeNs;
    await client.readRateLimits({ maxAgeMs: 0 });
    expect(statSync(journalPath, { bigint: true }).mtimeNs).toBe(before);
    show(fixture, 3, newEnd);
    await client.readRateLimits({ maxAgeMs: 0 });
    expect(journal()[0]).toMatchObject({ state: 'verified', reversal: { windows: [expect.anything()] } });
  }));

test('two stored reads an hour after the reset settle the attempt', () =>
  withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([verified(fixture)]);
    show(fixture, 3, newEnd);
    const [one, other] = [fixture.newClient(), fixture.newClient()];
    await one.readRateLimits({ maxAgeMs: 0 });
    expect(fixture.journal()[0]?.state).toBe('verified');
    await other.readRateLimits({ maxAgeMs: 0 });
    expect(fixture.journal()[0]).toMatchObject({ state: 'settled', reversal: null });
  }));

test('the attempts of another account are left alone', () =>
  withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([verified(fixture, { account: { accountId: 'account-2', userId: 'user-dev' } })]);
    show(fixture, 74, oldEnd);
    await fixture.newClient().readRateLimits({ maxAgeMs: 0 });
    expect(fixture.journal()[0]?.state).toBe('verified');
  }));
