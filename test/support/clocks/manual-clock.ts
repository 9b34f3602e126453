import type { Clock } from '../../../src/util/clock.js';

/** A clock that stands still; a test fires its timers. */
export interface ManualClock extends Clock {
  /** Fires every timer that was set with exactly this delay and is not cancelled. */
  fire(delayMs: number): void;
  /** Resolves when a timer with exactly this delay is set. */
  untilSet(delayMs: number): Promise<void>;
  /** The delays of the timers that are set. */
  openDelaysMs(): number[];
}

export function createManualClock(): ManualClock {
  const timers = new Set<{ delayMs: number; callback: () => void }>();
  let waiting: { delayMs: number; resume: () => void }[] = [];
  const timersOf = (delayMs: number) => [...timers].filter((timer) => timer.delayMs === delayMs);

  return {
    nowMs: () => Date.parse('2026-01-01T00:00:00Z'),
    monotonicMs: () => 0,
    after(delayMs, callback) {
      const timer = { delayMs, callback };
      timers.add(timer);
      for (const waiter of waiting) if (waiter.delayMs === delayMs) waiter.resume();
      waiting = waiting.filter((waiter) => waiter.delayMs !== delayMs);
      return () => {
        timers.delete(timer);
      };
    },
    fire(delayMs) {
      for (const timer of timersOf(delayMs)) {
        timers.delete(timer);
        timer.callback();
      }
    },
    async untilSet(delayMs) {
      if (timersOf(delayMs).length > 0) return;
      await new Promise<void>((resume) => waiting.push({ delayMs, resume }));
    },
    openDelaysMs: () => [...timers].map((timer) => timer.delayMs),
  };
}
