/** The intervals that a watch accepts, in seconds. */
export const watchIntervalSecs = { least: 15, usual: 60, most: 3_600 } as const;

/** Returns the nearest interval that a watch accepts; the usual one if no number is given. */
export function watchInterval(secs: number | null | undefined): number {
  const { least, usual, most } = watchIntervalSecs;
  return Number.isNaN(secs) ? usual : Math.min(Math.max(secs ?? usual, least), most);
}

/** The longest Retry-After that counts. A longer one is often a mistake of its sender, such as a Unix time. */
const longestRetryAfterMs = 15 * 60_000;

/** Returns how long to wait for a Retry-After. A time in the past is 0. */
export function boundedRetryAfterMs(delayMs: number): number {
  return Math.min(Math.max(delayMs, 0), longestRetryAfterMs);
}

/** A watch after some reads have failed. */
export interface FailurePace {
  /** The interval that the client chose. */
  readonly intervalMs: number;
  /** How many reads in a row have failed. */
  readonly failures: number;
  /** How long the backend asks to wait, if it does, as `boundedRetryAfterMs` returns it. */
  readonly retryAfterMs: number | undefined;
  /** At least 0, below 1. */
  readonly random: number;
}

/** A watch after a read. */
export interface WatchPace extends FailurePace {
  /** How many reads in a row were quiet, as `changeSince` decides. */
  readonly quietReads: number;
  /** The windows of the last read that succeeded. */
  readonly windows: readonly { readonly usedPercent: number | null; readonly resetsAt: number | null }[];
  readonly nowMs: number;
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
 * - While reads are quiet, the wait grows to five times the interval. Near a limit it is half as long.
 * - It ends shortly after a window resets, because the percentages read before no longer hold.
 * - After failures it is as `failureWaitMs` decides.
 * - Up to a tenth is added, so that programs that started together do not send requests at the same time.
 */
export function nextWaitMs(pace: WatchPace): number {
  const { intervalMs, quietReads, failures, windows, nowMs, random } = pace;
  if (failures > 0) return failureWaitMs(pace);
  const isNear = windows.some(({ usedPercent: used }) => used !== null && used >= nearPercent && used < 100);
  const calmMs = intervalMs * Math.min(quietFactor ** quietReads, longestQuiet) * (isNear ? 0.5 : 1);
  const resetsMs = windows
    .map(({ resetsAt }) => (resetsAt ?? Infinity) * 1000 - nowMs)
    .filter((ms) => ms > 0);
  const untilResetMs = Math.min(...resetsMs) + afterResetMs;
  return Math.max(Math.min(calmMs, untilResetMs), leastMs) * spread(random);
}

/**
 * Decides how old a read of another process may be that a watch takes in place of its own: younger than the wait before
 * its own, and newer than its last one. So several watches of one login send the requests of one.
 */
export function acceptedAgeMs(watch: {
  /** The wait as `nextWaitMs` decided; undefined before the first read, which is to be fresh. */
  readonly waitMs: number | undefined;
  /** When the last read began. */
  readonly lastReadAtMs: number | undefined;
  readonly nowMs: number;
}): number {
  const { waitMs = leastMs, lastReadAtMs = -Infinity, nowMs } = watch;
  return Math.max(Math.min(waitMs, nowMs - lastReadAtMs) - 1, 0);
}

/**
 * Decides how long a watch waits after failed reads: the interval doubles with each, up to 15 minutes. The wait is
 * never shorter than the interval or than the backend asks for.
 */
export function failureWaitMs({ intervalMs, failures, retryAfterMs = 0, random }: FailurePace): number {
  const doubledMs = Math.min(intervalMs * 2 ** failures, longestFailureMs);
  return Math.max(intervalMs, doubledMs, retryAfterMs) * spread(random);
}

/** Decides whether a failed read makes the next wait longer. While the user is signed out, nothing is sent. */
export function countsAsFailure(kind: string | undefined): boolean {
  return kind !== 'authRequired';
}

function spread(random: number): number {
  return 1 + random / 10;
}
