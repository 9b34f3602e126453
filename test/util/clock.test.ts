import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/util/clock.js';

// These timers overflow as those of node do.
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const longestTimerMs = 2 ** 31 - 1;

test.each([0, 1, longestTimerMs, longestTimerMs + 1, 3 * longestTimerMs + 7])(
  'a timer of %d ms fires once, when its time has passed',
  (delayMs) => {
    const fired: number[] = [];
    const startMs = Date.now();
    systemClock.after(delayMs, () => fired.push(Date.now() - startMs));
    vi.advanceTimersByTime(5 * longestTimerMs);
    expect(fired).toEqual([delayMs]);
  },
);

test('an endless timer never fires', () => {
  let fired = 0;
  const cancel = systemClock.after(Infinity, () => (fired += 1));
  vi.advanceTimersByTime(100 * longestTimerMs);
  expect(fired).toBe(0);
  cancel();
  expect(vi.getTimerCount()).toBe(0);
});

test('a long timer can be cancelled at any time', () => {
  let fired = 0;
  const cancel = systemClock.after(2 * longestTimerMs, () => (fired += 1));
  vi.advanceTimersByTime(longestTimerMs + 1);
  cancel();
  vi.advanceTimersByTime(3 * longestTimerMs);
  expect(fired).toBe(0);
});

test('monotonic time does not follow a change of the system time', () => {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['Date'] });
  const startMs = systemClock.monotonicMs();
  vi.setSystemTime(systemClock.nowMs() - 3 * 24 * 60 * 60_000);
  const passedMs = systemClock.monotonicMs() - startMs;
  expect([Number.isInteger(startMs), passedMs >= 0]).toEqual([true, true]);
});
