import { type Clock, systemClock } from '../../../src/util/clock.js';

/** A clock that stands still except for its leaps. */
export interface LeapingClock extends Clock {
  leap(ms: number): void;
  /** Changes the system's time, without any time passing. */
  changeTime(byMs: number): void;
}

/**
 * Creates a clock that leaps over each timer of exactly one of these lengths. Other timers are time limits and run in
 * real time.
 */
export function createLeapingClock(pausesMs: readonly number[]): LeapingClock {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  let monotonicMs = 0;
  const changeTime = (byMs: number): void => {
    nowMs += byMs;
  };
  const leap = (ms: number): void => {
    monotonicMs += ms;
    changeTime(ms);
  };
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    leap,
    changeTime,
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
