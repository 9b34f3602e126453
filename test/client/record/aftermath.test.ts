import { expect, test } from 'vitest';
import { aftermathOf, type ObservedRead, settledAfterMs } from '../../../src/client/record/aftermath.js';
import type { Redemption } from '../../../src/client/record/redemption.js';
import type { RateLimitSnapshot } from '../../../src/client/protocol.js';

const hourMs = 3_600_000;
const weekMins = 10_080;
const redeemedAtMs = 1_000_000_000;
/** The boundaries of the week before and after the redemption, in Unix seconds. */
const oldEnd = redeemedAtMs / 1000 + 300_000;
const newEnd = redeemedAtMs / 1000 + weekMins * 60;

const week = (usedPercent: number, resetsAt: number | null): RateLimitSnapshot => ({
  limitId: 'codex',
  limitName: null,
  normalModelSlug: null,
  primary: { usedPercent, windowDurationMins: weekMins, resetsAt },
  secondary: null,
  credits: null,
  individualLimit: null,
  spendControlReached: null,
  planType: null,
  rateLimitReachedType: null,
});

const attempt = (changes: Partial<Redemption>): Redemption => ({
  key: 'key-1',
  account: { accountId: 'account-dev', userId: 'user-dev' },
  creditId: null,
  state: 'verified',
  sequence: 1,
  startedAtMs: redeemedAtMs,
  updatedAtMs: redeemedAtMs,
  redeemedAtMs,
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
  availableCount: 2,
  ruleId: null,
  abandonReason: null,
  reversal: null,
  ...changes,
});

const read = (limit: RateLimitSnapshot, afterMs: number): ObservedRead => ({
  limit,
  readAtMs: redeemedAtMs + afterMs,
});
const isNew = (afterMs: number): ObservedRead => read(week(16, newEnd), afterMs);
const isOld = (afterMs: number): ObservedRead => read(week(74, oldEnd), afterMs);
const reversal = {
  atMs: redeemedAtMs + hourMs,
  windows: [{ slot: 'primary' as const, windowDurationMins: weekMins, usedPercent: 74, resetsAt: oldEnd }],
};

test.each<[what: string, state: Redemption['state'], now: ObservedRead, earlier?: ObservedRead]>([
  ['it is a minute old', 'verified', isNew(60_000), isNew(30_000)],
  ['it is the only read', 'verified', isNew(settledAfterMs)],
  ['the read before is older than the reset', 'verified', isNew(settledAfterMs), isOld(-1)],
  ['the read has begun before the reset was verified', 'verified', isOld(0)],
  ['the window is missing', 'verified', read({ ...week(0, null), primary: null }, settledAfterMs), isNew(1)],
  ['it is settled already', 'settled', isNew(2 * hourMs), isNew(hourMs)],
  ['nothing is used', 'verified', read(week(0, oldEnd), 60_000)],
  ['the boundary differs by more than ten minutes', 'verified', read(week(74, oldEnd - 606), 60_000)],
  ['the old window has ended', 'settled', read(week(74, oldEnd), 300_000_000)],
  ['the boundary is not known', 'settled', read(week(74, null), 60_000)],
  ['it was refused', 'refused', isOld(60_000)],
  ['it is open', 'unclear', isNew(60_000)],
  ['no window has moved yet', 'pending', isOld(60_000)],
])('an attempt stays as it is if %s', (_what, state, now, earlier) => {
  const windows = attempt({}).windows.map((window) =>
    state === 'pending' ? { ...window, verdict: 'pending' as const, after: null } : window,
  );
  expect(aftermathOf(attempt({ state, windows }), now, earlier)).toBeUndefined();
});

test('windows that have stayed reset for an hour and two reads have lasted', () => {
  const { windows } = attempt({});
  expect(aftermathOf(attempt({}), isNew(settledAfterMs), isNew(1))).toEqual({
    event: 'lasted',
    windows,
    reversal: null,
  });
});

test.each(['verified', 'settled'] as const)('the old window comes back: %s', (state) => {
  // The boundaries of the backend are not exact.
  const now = read(week(75, oldEnd + 600), 5.6 * hourMs);
  expect(aftermathOf(attempt({ state }), now, isNew(hourMs))).toMatchObject({
    event: 'cameBack',
    reversal: {
      atMs: redeemedAtMs + 5.6 * hourMs,
      windows: [{ slot: 'primary', windowDurationMins: weekMins, usedPercent: 75, resetsAt: oldEnd + 600 }],
    },
  });
});

test('a window whose use alone has fallen does not come back', () => {
  const windows = attempt({}).windows.map((window) => ({
    ...window,
    after: { usedPercent: 3, resetsAt: oldEnd },
  }));
  expect(aftermathOf(attempt({ windows }), isOld(hourMs), undefined)).toBeUndefined();
});

test('a reverted window that is reset again is verified again, and the figures stay', () => {
  const reverted = attempt({ state: 'reverted', reversal, updatedAtMs: redeemedAtMs + hourMs });
  expect(aftermathOf(reverted, isOld(2 * hourMs), undefined)).toBeUndefined();
  expect(aftermathOf(reverted, isNew(2 * hourMs), undefined)).toMatchObject({
    event: 'movedAgain',
    reversal,
  });
});

test('a reverted window that has ended stays reverted', () => {
  const reverted = attempt({ state: 'reverted', reversal, updatedAtMs: redeemedAtMs + hourMs });
  expect(
    aftermathOf(reverted, read(week(1, oldEnd + weekMins * 60), 300_000_000), undefined),
  ).toBeUndefined();
});

test('a pending attempt whose windows move late is verified', () => {
  const windows = attempt({}).windows.map((window) => ({
    ...window,
    verdict: 'pending' as const,
    after: null,
  }));
  expect(aftermathOf(attempt({ state: 'pending', windows }), isNew(4.1 * hourMs), undefined)).toEqual({
    event: 'allMoved',
    windows: [{ ...windows[0], verdict: 'verified', after: { usedPercent: 16, resetsAt: newEnd } }],
    reversal: null,
  });
});
