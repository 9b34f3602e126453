import { type Change, changeSince } from '../limits/change.js';
import { nextWaitMs } from '../limits/pace.js';
import { listLimits } from '../limits/snapshots.js';
import { windowsOf } from '../limits/windows.js';
import type { GetAccountRateLimitsResponse } from '../protocol/schema/rate-limits.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import { pause } from '../util/waiting.js';

type Read = GetAccountRateLimitsResponse;

export interface WatchLoop {
  readonly intervalMs: number;
  /** Reads the limits; `last` is what was read before. @throws AppError, which makes the next read come later */
  readonly read: (last: Read | undefined) => Promise<Read>;
  /** What the reader of the watch knows, from which changes count. The loop keeps it up to date. */
  readonly known: { limits: Read | undefined };
  readonly onRead: (read: Read, change: Change<Read>) => Promise<void> | void;
  readonly onFailure: (error: AppError) => Promise<void> | void;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads the limits again and again, at the pace of `nextWaitMs`.
 *
 * @throws the signal's reason once it is aborted; any other error than an AppError
 */
export async function watchLimits(loop: WatchLoop): Promise<never> {
  const { intervalMs, known, clock, random, signal } = loop;
  let last: Read | undefined;
  let quietReads = 0;
  let failures = 0;
  for (;;) {
    let retryAfterMs: number | undefined;
    try {
      last = await loop.read(last);
      const change = changeSince(known.limits, last);
      known.limits = change.settled;
      quietReads = change.isQuiet ? quietReads + 1 : 0;
      failures = 0;
      await loop.onRead(last, change);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      retryAfterMs = error.details.retryAfterMs;
      // While the user is signed out nothing is sent, so there is nothing to slow down.
      if (error.kind !== 'authRequired') failures += 1;
      await loop.onFailure(error);
    }
    const windows = last ? listLimits(last).flatMap(windowsOf) : [];
    const pace = { intervalMs, quietReads, failures, retryAfterMs, windows };
    await pause(clock, nextWaitMs({ ...pace, nowMs: clock.nowMs(), random: random() }), signal);
  }
}
