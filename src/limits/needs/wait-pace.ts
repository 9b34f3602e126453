import { failureWaitMs } from '../pace.js';

const intervalMs = 60_000;
const longestMs = 10 * 60_000;
const unknownMs = 5 * 60_000;
const leastMs = 15_000;
const afterResetMs = 3_500;
const jitterMs = 10_000;

/** A wait for limits after a read. */
export interface WaitPace {
  /** When the limits are expected to be enough, in Unix seconds; null if that is not known. */
  readonly expectedAt: number | null;
  /** How many reads in a row have failed. */
  readonly failures: number;
  /** How long the backend asks to wait, if it does, as `boundedRetryAfterMs` returns it. */
  readonly retryAfterMs: number | undefined;
  readonly nowMs: number;
  /** At least 0, below 1. */
  readonly random: number;
}

/**
 * Decides when a wait for limits reads again, in Unix milliseconds.
 *
 * - Shortly after the expected time, spread over ten seconds, so that programs that wait together do not ask together.
 * - At most ten minutes from now: a reset credit or the backend may end the wait earlier, or move it.
 * - If the expected time has passed, after half the time since then, at least 15 seconds.
 * - If no time is known, after five minutes. After failures as `failureWaitMs` decides.
 */
export function nextReadMs({ expectedAt, failures, retryAfterMs, nowMs, random }: WaitPace): number {
  if (failures > 0) return nowMs + failureWaitMs({ intervalMs, failures, retryAfterMs, random });
  const spreadMs = random * jitterMs;
  if (expectedAt === null) return nowMs + unknownMs + spreadMs;
  const overdueMs = nowMs - expectedAt * 1000;
  const waitMs = overdueMs < 0 ? afterResetMs - overdueMs : Math.max(overdueMs / 2, leastMs);
  return nowMs + Math.min(waitMs, longestMs) + spreadMs;
}
