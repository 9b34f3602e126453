import { expect, test } from 'vitest';
import { isSameWindow, windowMove } from '../../src/limits/window-moves.js';
import { changesBetween, type ReadState } from '../../src/limits/read-changes.js';

const weekMins = 10_080;
const week = (usedPercent: number, resetsAt: number | null) => ({
  usedPercent,
  resetsAt,
  windowDurationMins: weekMins,
});

test.each([
  ['more is used', week(10, 5_000), week(11, 5_000), 'used'],
  ['the backend rounds', week(10, 5_000), week(9, 5_000), 'used'],
  ['the boundary differs by ten minutes', week(10, 5_000), week(10, 5_600), 'used'],
  ['the boundary differs by ten minutes less', week(10, 5_600), week(10, 5_000), 'used'],
  ['an unused window moves with the clock', week(0, 5_000), week(0, 9_000), 'used'],
  ['an unused window is read from a copy that is behind', week(0, 9_000), week(0, 5_000), 'used'],
  ['an unused window is used', week(0, 5_000), week(4, 9_000), 'used'],
  ['the use falls', week(60, 5_000), week(3, 5_000), 'early'],
  ['the backend corrects a figure', week(74, 5_000), week(55, 5_000), 'used'],
  ['the use falls to 0', week(2, 5_000), week(0, 5_000), 'early'],
  ['the last percent is corrected', week(1, 5_000), week(0, 5_000), 'used'],
  ['the boundary is later, and more is used', week(10, 5_000), week(90, 5_610), 'used'],
  ['the boundary is later, and less is used', week(10, 5_000), week(8, 5_610), 'early'],
  ['the boundary has passed', week(10, 900), week(2, 605_700), 'ended'],
  ['an earlier boundary is back', week(16, 9_000), week(74, 5_000), 'back'],
  ['an earlier boundary is back after an unused window', week(0, 9_000), week(74, 5_000), 'back'],
  ['no boundary is known, and more is used', week(10, null), week(20, null), 'used'],
  ['no boundary is known, and less is used', week(40, null), week(20, null), 'early'],
] as const)('%s: the move is as listed', (_what, before, now, move) => {
  expect(windowMove(before, now, 1_000_000)).toBe(move);
});

test('windows are the same within a thousandth of their length, but at least a minute', () => {
  const fiveHours = (resetsAt: number | null) => ({ usedPercent: 1, resetsAt, windowDurationMins: 300 });
  expect([
    isSameWindow(fiveHours(1_000), fiveHours(1_060)),
    isSameWindow(fiveHours(1_000), fiveHours(1_061)),
    isSameWindow(week(1, 1_000), week(1, 1_604)),
    isSameWindow(week(1, 1_000), week(1, 1_605)),
    isSameWindow(week(1, 1_000), fiveHours(1_000)),
    isSameWindow(fiveHours(null), fiveHours(null)),
  ]).toEqual([true, false, true, false, false, false]);
});

const limit = (members: object): ReadState['limits']['rateLimits'] => ({
  limitId: 'codex',
  primary: null,
  secondary: null,
  individualLimit: null,
  ...members,
});
const read = (members: object, resetCredits: ReadState['resetCredits'], others: object = {}): ReadState => ({
  limits: { rateLimits: limit(members), rateLimitsByLimitId: { codex: limit(members), ...others } },
  resetCredits,
  readAtMs: 1_000,
});
const budget = { limit: '10', used: '4', remainingPercent: 60, resetsAt: 9 };
const none = { availableCount: null, credits: undefined };

test('windows are compared by their length, whatever their slots, and limits by their ids', () => {
  const fiveHours = { usedPercent: 2, resetsAt: 90, windowDurationMins: 300 };
  const before = read({ primary: fiveHours, secondary: week(7, 100) }, none, {
    extra: limit({ limitId: 'extra', primary: fiveHours }),
  });
  const now = read({ primary: week(8, 100), individualLimit: budget }, none);
  const change = { kind: 'window', move: null, after: null };
  expect(changesBetween(before, now)).toEqual([
    {
      kind: 'window',
      limitId: 'codex',
      windowDurationMins: weekMins,
      before: { usedPercent: 7, resetsAt: 100 },
      after: { usedPercent: 8, resetsAt: 100 },
      move: 'used',
    },
    { ...change, limitId: 'codex', windowDurationMins: 300, before: { usedPercent: 2, resetsAt: 90 } },
    { kind: 'budget', limitId: 'codex', before: null, after: budget },
    { ...change, limitId: 'extra', windowDurationMins: 300, before: { usedPercent: 2, resetsAt: 90 } },
  ]);
  expect(changesBetween(now, now)).toEqual([]);
});

test('credits are compared by number, and by their list only if both reads have it', () => {
  const credit = (id: string, status = 'available') => ({ id, status, expiresAt: null });
  const of = (count: number, credits?: readonly ReturnType<typeof credit>[]) =>
    read({}, { availableCount: count, credits });
  const changes = (before: ReadState, now: ReadState): unknown =>
    changesBetween(before, now).map((each) => ('added' in each ? each : undefined));
  const change = { kind: 'resetCredits', added: [], removed: [] };
  expect([
    changes(of(2), of(1, [credit('a')])),
    changes(of(1), of(1, [credit('a')])),
    changes(of(1, [credit('a')]), of(1, [credit('b')])),
    changes(of(2, [credit('a'), credit('b')]), of(1, [credit('a'), credit('b', 'redeemed')])),
  ]).toEqual([
    [{ ...change, before: { availableCount: 2 }, after: { availableCount: 1 } }],
    [],
    [
      {
        ...change,
        before: { availableCount: 1 },
        after: { availableCount: 1 },
        added: [credit('b')],
        removed: [credit('a')],
      },
    ],
    [
      {
        ...change,
        before: { availableCount: 2 },
        after: { availableCount: 1 },
        added: [credit('b', 'redeemed')],
      },
    ],
  ]);
});
