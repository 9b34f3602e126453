import { expect, test } from 'vitest';
import type { Clock } from '../../src/util/clock.js';
import { neverAborted } from '../../src/util/never-aborted.js';
import { pauseUntil } from '../../src/util/wall-clock.js';

/** A clock on which a pause takes no time but its length. `beforeTick` can change the wall clock. */
function skippingClock(beforeTick: (tick: number) => number): Clock & { readonly ticks: () => number } {
  let [wallMs, monotonicMs, ticks] = [1_000_000, 0, 0];
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    ticks: () => ticks,
    after(delayMs, callback) {
      ticks += 1;
      wallMs += delayMs + beforeTick(ticks);
      monotonicMs += delayMs;
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}

test('a pause ends when the wall clock says so', async () => {
  const clock = skippingClock(() => 0);
  const untilMs = clock.nowMs() + 95_000;
  expect(await pauseUntil(clock, untilMs, neverAborted)).toBe(true);
  expect([clock.nowMs(), clock.ticks()]).toEqual([untilMs, 4]);
});

test('after a sleep of the machine a pause ends at once', async () => {
  const nineHoursMs = 9 * 3_600_000;
  const clock = skippingClock((tick) => (tick === 2 ? nineHoursMs : 0));
  expect(await pauseUntil(clock, clock.nowMs() + nineHoursMs * 2, neverAborted)).toBe(false);
  expect(clock.ticks()).toBe(2);
});

test('a sleep beyond the end of a pause counts as its end', async () => {
  const clock = skippingClock((tick) => (tick === 2 ? 3_600_000 : 0));
  expect(await pauseUntil(clock, clock.nowMs() + 600_000, neverAborted)).toBe(true);
});

test('a clock that is put back does not make a pause longer', async () => {
  const clock = skippingClock((tick) => (tick === 1 ? -86_400_000 : 0));
  expect(await pauseUntil(clock, clock.nowMs() + 120_000, neverAborted)).toBe(true);
  expect(clock.ticks()).toBe(4);
});

test('an abort ends a pause with its reason', async () => {
  const reason = new Error('stopped');
  const clock = skippingClock(() => 0);
  await expect(pauseUntil(clock, clock.nowMs() + 1, AbortSignal.abort(reason))).rejects.toBe(reason);
});
