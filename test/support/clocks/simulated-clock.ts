import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../src/util/clock.js';

/** A clock that runs only when a test runs it. */
export interface SimulatedClock extends Clock {
  /**
   * Runs from one due timer to the next, until the condition is true. Between two timers it waits for files and for the
   * network.
   */
  runUntil(isReached: () => boolean): Promise<void>;
  /**
   * Runs for this time. With `leastTimers` it waits for that many other timers before it fires one: a part of the
   * program that always either waits or works has set one, or is at work.
   */
  pass(ms: number, leastTimers: number): Promise<void>;
  /** Changes the wall clock while no timer runs, as a sleep of the machine does. */
  sleep(ms: number): void;
}

const startMs = Date.parse('2026-01-01T00:00:00Z');

/** Timers of exactly these lengths are time limits: while one is set, a request is running. */
const limitsMs = new Set([15_000, 1_500, 16_500, 8_000, 2_000]);

export function createSimulatedClock(): SimulatedClock {
  let nowMs = startMs;
  let sleptMs = 0;
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

  /** One step of work may start the next one a few turns later. */
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
    nowMs: () => nowMs + sleptMs,
    monotonicMs: () => nowMs,
    after,
    runUntil: (isReached) => run(isReached, 0),
    pass(ms, leastTimers) {
      let isOver = false;
      after(ms, () => {
        isOver = true;
      });
      return run(() => isOver, leastTimers + 1);
    },
    sleep(ms) {
      sleptMs += ms;
    },
  };
}
