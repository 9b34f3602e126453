import { type Clock, systemClock } from '../../../src/util/clock.js';

/** A clock that runs `speed` times as fast as the system's. */
export function createFastClock(speed: number): Clock {
  const startMs = systemClock.nowMs();
  const originMs = systemClock.monotonicMs();
  return {
    nowMs: () => startMs + (systemClock.nowMs() - startMs) * speed,
    monotonicMs: () => (systemClock.monotonicMs() - originMs) * speed,
    after: (delayMs, callback) => systemClock.after(delayMs / speed, callback),
  };
}
