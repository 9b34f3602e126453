import { type Clock, systemClock } from '../../src/util/clock.js';

/** A clock that stands still except for its leaps. */
export interface LeapingClock extends Clock {
  leap(ms: number): void;
}

/**
 * Creates a clock that leaps over each timer of exactly one of these lengths. Other timers are time limits and run in
 * real time.
 */
export function createLeapingClock(pausesMs: readonly number[]): LeapingClock {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const leap = (ms: number): void => {
    nowMs += ms;
  };
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    leap,
    after(delayMs, callback) {
      if (!pausesMs.includes(delayMs)) return systemClock.after(delayMs, callback);
      let isCancelled = false;
      setImmediate(() => {
        if (isCancelled) return;
        leap(delayMs);
        callback();
      });
      return () => {
        isCancelled = true;
      };
    },
  };
}
