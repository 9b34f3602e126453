import { type Clock, systemClock } from '../../../src/util/clock.js';

/**
 * Returns a clock that skips pauses of up to `longestPauseMs`, by default those before an unusable auth.json is read
 * again: each ends at once, after `onPause` has been called with its length. Longer timers run.
 */
export function pauseSkippingClock(
  onPause: (delayMs: number) => void = () => undefined,
  longestPauseMs = 100,
): Clock {
  return {
    nowMs: systemClock.nowMs,
    monotonicMs: systemClock.monotonicMs,
    after(delayMs, callback) {
      if (delayMs > longestPauseMs) return systemClock.after(delayMs, callback);
      onPause(delayMs);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
}
