import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/util/clock.js';

/** A clock that stands still until it is told to run. */
export interface SimulatedClock extends Clock {
  /**
   * Runs, from one timer that is due to the next, until it is so. Between two of them files are read, and the
   * network is waited for, as long as that takes.
   */
  runUntil(isReached: () => boolean): Promise<void>;
  /**
   * Runs for that long. With `leastTimers` other timers are waited for before one is fired: a part of the program that
   * is always either waiting or at work has set one, or is at work.
   */
  pass(ms: number, leastTimers: number): Promise<void>;
}

const startMs = Date.parse('2026-01-01T00:00:00Z');

/** Timers of exactly these lengths are limits of time: while one is set, something is under way. */
const limitsMs = new Set([15_000, 1_500, 16_500, 8_000]);

export function createSimulatedClock(): SimulatedClock {
  let nowMs = startMs;
  const timers = new Set<{ dueMs: number; delayMs: number; callback: () => void }>();

  const after: Clock['after'] = (delayMs, callback) => {
    const timer = { dueMs: nowMs + delayMs, delayMs, callback };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };

  function fireNext(): void {
    const [next] = [...timers].toSorted((one, other) => one.dueMs - other.dueMs);
    if (!next) return;
    timers.delete(next);
    nowMs = Math.max(nowMs, next.dueMs);
    next.callback();
  }

  function isBusy(): boolean {
    return (
      [...timers].some(({ delayMs }) => limitsMs.has(delayMs)) ||
      process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))
    );
  }

  /** One piece of work may lead to the next only some turns later. */
  async function untilIdle(): Promise<void> {
    for (let idleTurns = 0; idleTurns < 5; idleTurns = isBusy() ? 0 : idleTurns + 1) await nextTurn();
  }

  async function run(isReached: () => boolean, leastTimers: number): Promise<void> {
    while (!isReached()) {
      await untilIdle();
      if (!isReached() && timers.size >= leastTimers) fireNext();
    }
  }

  return {
    nowMs: () => nowMs,
    after,
    runUntil: (isReached) => run(isReached, 0),
    pass(ms, leastTimers) {
      let isOver = false;
      after(ms, () => {
        isOver = true;
      });
      return run(() => isOver, leastTimers + 1);
    },
  };
}
