import { expect, test } from 'vitest';
import { budgetPace, usagePace } from '../../src/limits/usage-pace.js';

const hour = 3_600;
const day = 24 * hour;

/** A week that ends at this time, in Unix seconds. */
const end = Date.parse('2026-01-08T00:00:00Z') / 1000;

const inWeek = (usedPercent: number | null, elapsedDays: number, mins: number | null = 10_080) =>
  usagePace({ usedPercent, windowDurationMins: mins, resetsAt: end }, (end - (7 - elapsedDays) * day) * 1000);

test.each([
  [
    'half is used in a quarter of the time',
    50,
    1.75,
    { elapsedPercent: 25, verdict: 'ahead', emptyAt: end - 3.5 * day },
  ],
  [
    'a quarter is used in half of the time',
    25,
    3.5,
    { elapsedPercent: 50, verdict: 'behind', emptyAt: null },
  ],
  ['as much as time has passed', 50, 3.5, { elapsedPercent: 50, verdict: 'onPace', emptyAt: null }],
  [
    'two points more',
    52,
    3.5,
    { elapsedPercent: 50, verdict: 'onPace', emptyAt: end - 7 * day + Math.round((3.5 * day) / 0.52) },
  ],
  [
    'the first 3 % are over',
    99,
    0.21,
    { elapsedPercent: 3, verdict: 'ahead', emptyAt: Math.round(end - 7 * day + (0.21 * day) / 0.99) },
  ],
  ['the first 3 % are not over', 99, 0.209, null],
  ['nothing is used', 0, 3.5, null],
  ['less than nothing is used', -5, 3.5, null],
  ['everything is used', 100, 3.5, null],
  ['more than everything is used', 300, 3.5, null],
  ['the use is unknown', null, 3.5, null],
  ['the window has ended', 50, 7.1, null],
  ['the window has not begun', 50, -1, null],
] as const)('pace of a week: %s', (_when, used, days, pace) => {
  expect(inWeek(used, days)).toEqual(pace);
});

test('a window of less than a day has no time at which it is empty', () => {
  const at = (mins: number) =>
    usagePace({ usedPercent: 80, windowDurationMins: mins, resetsAt: end }, (end - mins * 30) * 1000);
  expect(at(300)).toEqual({ elapsedPercent: 50, verdict: 'ahead', emptyAt: null });
  expect(at(1_439)?.emptyAt).toBeNull();
  expect(at(1_440)?.emptyAt).toBe(end - day + day / 2 / 0.8);
});

test.each([
  ['no length', { usedPercent: 50, windowDurationMins: null, resetsAt: end }],
  ['no reset time', { usedPercent: 50, windowDurationMins: 300, resetsAt: null }],
  ['a length of nothing', { usedPercent: 50, windowDurationMins: 0, resetsAt: end }],
  ['a reset time beyond all dates', { usedPercent: 50, windowDurationMins: 300, resetsAt: 2 ** 53 }],
])('there is no pace with %s', (_what, window) => {
  expect(usagePace(window, end * 1000)).toBeNull();
  expect(budgetPace({ usedPercent: 50, resetsAt: 2 ** 53 }, end * 1000)).toBeNull();
  expect(budgetPace({ usedPercent: 50, resetsAt: null }, end * 1000)).toBeNull();
});

test.each([
  ['2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ['2026-01-01T00:00:00Z', '2025-12-01T00:00:00Z'],
  ['2026-03-31T12:00:00Z', '2026-02-28T12:00:00Z'],
])('a budget that resets at %s began at %s', (resets, began) => {
  const [resetsAt, start] = [Date.parse(resets) / 1000, Date.parse(began) / 1000];
  const at = (elapsed: number) =>
    budgetPace({ usedPercent: 80, resetsAt }, (start + elapsed * (resetsAt - start)) * 1000);
  expect(at(0.5)).toMatchObject({ elapsedPercent: 50, verdict: 'ahead' });
  expect(at(0.5)?.emptyAt).toBe(Math.round(start + ((resetsAt - start) * 0.5) / 0.8));
  expect([at(0.029), at(-0.1)]).toEqual([null, null]);
});
