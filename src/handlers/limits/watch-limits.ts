import { type Change, changeSince } from '../../limits/change.js';
import { acceptedAgeMs, countsAsFailure, nextWaitMs } from '../../limits/pace.js';
import { listLimits } from '../../limits/snapshots.js';
import { windowsOf } from '../../limits/windows.js';
import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { pause } from '../../util/waiting.js';

type Read = GetAccountRateLimitsResponse;

/** A read of a watch. */
export interface WatchedRead {
  readonly answer: Read;
  /** When it began. */
  readonly readAtMs: number;
  /** Whether another process has made it. */
  readonly isCached: boolean;
}

/** The limits that a watch knows. Several loops, one after the other, may share them. They keep them up to date. */
export interface KnownLimits {
  /** Each read is compared with these limits. */
  limits: Read | undefined;
  /** When the last read of a loop or of the watcher began. */
  readAtMs: number | undefined;
}

/**
 * Waits before the next read. Resolves with `ended` if the user has ended the pause.
 *
 * @param blockedMs for how long the backend wants no request
 * @throws the signal's reason once the watch is aborted
 */
export type WatchPause = (
  delayMs: number,
  { blockedMs }: { readonly blockedMs: number },
) => Promise<'over' | 'ended'>;

export interface WatchOptions<Found extends WatchedRead> {
  readonly intervalMs: number;
  /**
   * Reads the limits, or returns a read of another process of at most this age. `last` is the previous read.
   * @throws AppError, which delays the next read
   */
  readonly read: (last: Read | undefined, maxAgeMs: number) => Promise<Found>;
  readonly known: KnownLimits;
  readonly onRead: (read: Found, change: Change<Read>) => Promise<void> | void;
  readonly onFailure: (error: AppError) => Promise<void> | void;
  /** Called after each of these with the time of the next read, in Unix milliseconds. */
  readonly onWait?: (nextReadAtMs: number) => void;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Waits between two reads; without it nothing can end a pause. */
  readonly pause?: WatchPause;
}

/**
 * Reads the limits repeatedly, at the pace of `nextWaitMs`.
 *
 * @throws the signal's reason once it is aborted; any other error than an AppError
 */
export async function watchLimits<Found extends WatchedRead>(options: WatchOptions<Found>): Promise<never> {
  const { intervalMs, known, clock, random, signal } = options;
  let last: Found | undefined;
  let waitMs: number | undefined;
  let quietReads = 0;
  let failures = 0;
  let isAskedFor = false;
  for (;;) {
    let retryAfterMs: number | undefined;
    let isRefused = false;
    let isFresh = false;
    try {
      const accepted = acceptedAgeMs({ waitMs, lastReadAtMs: known.readAtMs, nowMs: clock.nowMs() });
      const maxAgeMs = isAskedFor ? 0 : accepted;
      last = await options.read(last?.answer, maxAgeMs);
      isFresh = true;
      const change = changeSince(known.limits, last.answer);
      known.limits = change.settled;
      known.readAtMs = last.readAtMs;
      // A read that the user asks for says nothing about the pace.
      if (!change.isQuiet) quietReads = 0;
      else if (!isAskedFor) quietReads += 1;
      failures = 0;
      await options.onRead(last, change);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      retryAfterMs = error.details.retryAfterMs;
      isRefused = error.kind === 'rateLimited';
      if (countsAsFailure(error.kind)) failures += 1;
      await options.onFailure(error);
    }
    const windows = last ? listLimits(last.answer).flatMap(windowsOf) : [];
    const pace = { intervalMs, quietReads, failures, retryAfterMs, windows };
    const nowMs = clock.nowMs();
    waitMs = nextWaitMs({ ...pace, nowMs, random: random() });
    // The next read comes when its own process would have read again.
    const agedMs = isFresh && last?.isCached ? nowMs - last.readAtMs : 0;
    const delayMs = Math.max(waitMs - agedMs, 0);
    const blockedMs = retryAfterMs ?? (isRefused ? delayMs : 0);
    options.onWait?.(nowMs + delayMs);
    isAskedFor = (await pauseOf(options, delayMs, blockedMs)) === 'ended';
  }
}

async function pauseOf(
  { clock, signal, pause: ownPause }: Pick<WatchOptions<WatchedRead>, 'clock' | 'signal' | 'pause'>,
  delayMs: number,
  blockedMs: number,
): Promise<'over' | 'ended'> {
  if (ownPause) return ownPause(delayMs, { blockedMs });
  await pause(clock, delayMs, signal);
  return 'over';
}
