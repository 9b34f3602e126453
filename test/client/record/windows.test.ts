import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RateLimitSnapshot } from '../../../src/client/protocol.js';
import { pendingLimitMs } from '../../../src/client/record/state.js';
import {
  movementOf,
  type RedemptionWindow,
  slots,
  windowsAfter,
  windowsBefore,
  windowVerdicts,
} from '../../../src/client/record/windows.js';

type Window = RateLimitSnapshot['primary'];

const limit = (primary: Window, secondary: Window): RateLimitSnapshot => ({
  limitId: 'codex',
  limitName: null,
  normalModelSlug: null,
  primary,
  secondary,
  credits: null,
  individualLimit: null,
  spendControlReached: null,
  planType: null,
  rateLimitReachedType: null,
});

const used = { usedPercent: 80, windowDurationMins: 300, resetsAt: 10_000 };
const afterReset = { usedPercent: 0, windowDurationMins: 300, resetsAt: 25_000 };
const week = { usedPercent: 40, windowDurationMins: 10_080, resetsAt: 90_000 };

test.each<[what: string, before: Window, after: RateLimitSnapshot, nowMs: number, verdict: string]>([
  ['the use is lower', used, limit({ ...used, usedPercent: 10 }, null), 0, 'verified'],
  [
    'the reset time is later although the use is high',
    used,
    limit({ ...afterReset, usedPercent: 90 }, null),
    0,
    'verified',
  ],
  ['the slot has changed', used, limit(week, afterReset), 0, 'verified'],
  ['nothing has changed', used, limit(used, week), 0, 'pending'],
  ['the use is one percent lower', used, limit({ ...used, usedPercent: 79 }, null), 0, 'pending'],
  [
    'a use of one percent is 0',
    { ...used, usedPercent: 1 },
    limit({ ...used, usedPercent: 0 }, null),
    0,
    'verified',
  ],
  ['the use is higher', used, limit({ ...used, usedPercent: 81 }, null), 0, 'pending'],
  ['the reset time differs by a minute', used, limit({ ...used, resetsAt: 10_060 }, null), 0, 'pending'],
  ['the new limits are missing', used, limit(null, null), 0, 'pending'],
  ['only another length is reported', used, limit(week, null), 0, 'pending'],
  ['the reset time has passed', used, limit(afterReset, null), 10_000_000, 'unmoved'],
  ['four hours have passed', week, limit(week, null), pendingLimitMs, 'unmoved'],
  [
    'the use is 0 after four hours',
    week,
    limit({ ...week, usedPercent: 0 }, null),
    pendingLimitMs,
    'verified',
  ],
  ['the use was 0', { ...used, usedPercent: 0 }, limit(afterReset, null), 0, 'unmoved'],
  ['the length is unknown', { ...used, windowDurationMins: null }, limit(afterReset, null), 0, 'pending'],
])('the verdict of a window of which %s', (_what, before, after, nowMs, verdict) => {
  const windows = windowsBefore(limit(before, null));
  const now = [after.primary, after.secondary].find(
    (window) => window?.windowDurationMins === before?.windowDurationMins,
  );
  const moved = now && { usedPercent: now.usedPercent, resetsAt: now.resetsAt };
  expect(windowsAfter({ windows, redeemedAtMs: 0 }, after, nowMs)).toEqual([
    { slot: 'primary', ...before, verdict, after: verdict === 'verified' ? moved : null },
  ]);
});

const nullableWindow = fc.option(
  fc.record({
    usedPercent: fc.integer({ min: 0, max: 100 }),
    windowDurationMins: fc.constantFrom(300, 10_080, null),
    resetsAt: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: null }),
  }),
  { nil: null },
);

const anyLimit = fc.tuple(nullableWindow, nullableWindow).map(([one, other]) => limit(one, other));

test('after any reads a verdict other than pending stays, and the movement follows from the verdicts', () => {
  fc.assert(
    fc.property(anyLimit, fc.array(anyLimit), (before, reads) => {
      let windows: RedemptionWindow[] = windowsBefore(before);
      for (const [index, read] of reads.entries()) {
        const next = windowsAfter({ windows, redeemedAtMs: 0 }, read, index * 2_000_000);
        for (const [place, { verdict }] of windows.entries()) {
          if (verdict !== 'pending') expect(next[place]?.verdict).toBe(verdict);
        }
        windows = next;
      }
      const count = windows.filter(({ verdict }) => verdict === 'verified').length;
      const inUse = windows.filter(({ usedPercent }) => usedPercent > 0).length;
      const movement = count === inUse ? 'allMoved' : count > 0 ? 'someMoved' : 'noneMoved';
      expect(movementOf(windows)).toBe(movement);
      expect(
        windows.every(({ slot, verdict }) => slots.includes(slot) && windowVerdicts.includes(verdict)),
      ).toBe(true);
    }),
  );
});
