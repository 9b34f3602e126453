/** The intervals that a watch takes, in seconds. */
export const watchIntervalSecs = { least: 15, usual: 60, most: 3_600 } as const;

export interface WatchPace {
  /** The interval that was asked for. */
  readonly intervalMs: number;
  /** How many reads in a row found no change. */
  readonly quietReads: number;
  /** How many reads in a row have failed. */
  readonly failures: number;
  /** How long the backend wants no request, if it said so. */
  readonly retryAfterMs: number | undefined;
  /** The windows of the last read. */
  readonly windows: readonly { readonly usedPercent: number | null; readonly resetsAt: number | null }[];
  readonly nowMs: number;
  /** At least 0, below 1. */
  readonly random: number;
}

const leastMs = watchIntervalSecs.least * 1000;
const quietFactor = 1.5;
const longestQuiet = 5;
const longestFailureMs = 15 * 60_000;
const nearPercent = 90;
const afterResetMs = 2_000;

/**
 * Decides how long a watch waits from the end of one read to the start of the next, in milliseconds.
 *
 * - While nothing changes the wait grows, to five times the interval; near a limit it is half as long.
 * - It ends shortly after a window resets, because the figures read before are then void.
 * - After failures it doubles, to a quarter of an hour; it is never shorter than the backend asks for.
 * - Up to a tenth is added, so that programs which started together do not stay together.
 */
export function nextWaitMs(pace: WatchPace): number {
  const { intervalMs, quietReads, failures, retryAfterMs = 0, windows, nowMs, random } = pace;
  const spread = 1 + random / 10;
  if (failures > 0) {
    const backoffMs = Math.max(intervalMs, Math.min(intervalMs * 2 ** failures, longestFailureMs));
    return Math.max(backoffMs, retryAfterMs) * spread;
  }
  const isNear = windows.some(({ usedPercent: used }) => used !== null && used >= nearPercent && used < 100);
  const calmMs = intervalMs * Math.min(quietFactor ** quietReads, longestQuiet) * (isNear ? 0.5 : 1);
  const resetsMs = windows
    .map(({ resetsAt }) => (resetsAt ?? Infinity) * 1000 - nowMs)
    .filter((ms) => ms > 0);
  const untilResetMs = Math.min(...resetsMs) + afterResetMs;
  return Math.max(Math.min(calmMs, untilResetMs), leastMs) * spread;
}
