import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RateLimitSnapshot } from '../../../src/client/protocol.js';
import { pendingLimitMs } from '../../../src/client/redemption/state.js';
import {
  movementOf,
  type RedemptionWindow,
  slots,
  windowsAfter,
  windowsBefore,
  windowVerdicts,
} from '../../../src/client/redemption/windows.js';

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
const anew = { usedPercent: 0, windowDurationMins: 300, resetsAt: 25_000 };
const week = { usedPercent: 40, windowDurationMins: 10_080, resetsAt: 90_000 };

test.each<[what: string, before: Window, after: RateLimitSnapshot, nowMs: number, verdict: string]>([
  ['its use went down', used, limit({ ...used, usedPercent: 10 }, null), 0, 'verified'],
  [
    'its end went on, and it was filled at once',
    used,
    limit({ ...anew, usedPercent: 90 }, null),
    0,
    'verified',
  ],
  ['it stands in the other slot', used, limit(week, anew), 0, 'verified'],
  ['nothing happened', used, limit(used, week), 0, 'pending'],
  ['its use wavers', used, limit({ ...used, usedPercent: 79 }, null), 0, 'pending'],
  [
    'its little use went',
    { ...used, usedPercent: 1 },
    limit({ ...used, usedPercent: 0 }, null),
    0,
    'verified',
  ],
  ['its use went up', used, limit({ ...used, usedPercent: 81 }, null), 0, 'pending'],
  ['its end wavers', used, limit({ ...used, resetsAt: 10_060 }, null), 0, 'pending'],
  ['it is not told', used, limit(null, null), 0, 'pending'],
  ['only another length is told', used, limit(week, null), 0, 'pending'],
  ['its own end has come', used, limit(anew, null), 10_000_000, 'unmoved'],
  ['four hours are over', week, limit(week, null), pendingLimitMs, 'unmoved'],
  ['it moved in the last moment', week, limit({ ...week, usedPercent: 0 }, null), pendingLimitMs, 'verified'],
  ['it was not in use', { ...used, usedPercent: 0 }, limit(anew, null), 0, 'unmoved'],
  ['its length is not known', { ...used, windowDurationMins: null }, limit(anew, null), 0, 'pending'],
])('a window of which %s', (_what, before, after, nowMs, verdict) => {
  const windows = windowsBefore(limit(before, null));
  expect(windowsAfter({ windows, redeemedAtMs: 0 }, after, nowMs)).toEqual([
    { slot: 'primary', ...before, verdict },
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

test('however often one looks, a verdict that is none but pending stays, and all or some moved is what they say', () => {
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
