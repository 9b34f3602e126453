import type { Clock } from '../util/clock.js';

/** Limits how often a program is started again. */
export interface StartBudget {
  /** Counts a start. Returns undefined, or the milliseconds until one is allowed again. */
  take(): number | undefined;
}

const maxStarts = 5;
const periodMs = 3 * 60_000;

/** Creates a budget of 5 starts in 3 minutes. */
export function createStartBudget(clock: Clock): StartBudget {
  let startsAtMs: number[] = [];
  return {
    take() {
      const nowMs = clock.monotonicMs();
      startsAtMs = startsAtMs.filter((startedAtMs) => nowMs - startedAtMs < periodMs);
      const [oldest] = startsAtMs;
      if (startsAtMs.length >= maxStarts && oldest !== undefined) return oldest + periodMs - nowMs;
      startsAtMs.push(nowMs);
      return undefined;
    },
  };
}
