import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/util/clock.js';

/** A clock that stands still until it is told to run. */
export interface SimulatedClock extends Clock {
  /**
   * Runs, from one timer that is due to the next, until it is so. Between two of them everything else goes on that
   * the process has to do; what waits for the network is waited for as long as `isBusy` says.
   */
  runUntil(isReached: () => boolean): Promise<void>;
}

const startMs = Date.parse('2026-01-01T00:00:00Z');

/** Timers of exactly these lengths are limits of time: while one is set, something is under way. */
const limitsMs = new Set([15_000, 1_500, 16_500, 8_000]);

export function createSimulatedClock(): SimulatedClock {
  let nowMs = startMs;
  const timers = new Set<{ dueMs: number; delayMs: number; callback: () => void }>();

  function fireNext(): void {
    const [next] = [...timers].toSorted((one, other) => one.dueMs - other.dueMs);
    if (!next) return;
    timers.delete(next);
    nowMs = Math.max(nowMs, next.dueMs);
    next.callback();
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, callback) {
      const timer = { dueMs: nowMs + delayMs, delayMs, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async runUntil(isReached) {
      while (!isReached()) {
        await nextTurn();
        const isBusy = [...timers].some(({ delayMs }) => limitsMs.has(delayMs));
        if (!isBusy) fireNext();
      }
    },
  };
}
