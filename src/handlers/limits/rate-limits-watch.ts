import type { Change } from '../../limits/change.js';
import type { Notify } from '../../protocol/schema/notifications.js';
import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { FoundRead } from '../../snapshot/read-through.js';
import type { Clock } from '../../util/clock.js';
import type { AppError } from '../../util/errors.js';
import type { Log } from '../../util/log.js';
import type { LimitsReader } from './limits-reader.js';
import { type KnownLimits, watchLimits } from './watch-limits.js';

/** A watch that reads the limits for the client and sends a notification for each one that has changed. */
export interface RateLimitsWatch {
  /** Starts the watch once `answered` has resolved. A running watch is replaced, so that its options are the new ones. */
  start(options: RateLimitsWatchOptions, answered: Promise<void>): void;
  stop(): void;
  /**
   * Call after each read of the client. The watch compares with that read, uses the same parameter, and takes no stored
   * read that is older.
   */
  note(read: GetAccountRateLimitsResponse, how: NotedRead): void;
}

export interface NotedRead {
  readonly supportsLunaReserve: boolean;
  /** When the read began. */
  readonly readAtMs: number;
}

export interface RateLimitsWatchOptions {
  readonly intervalMs: number;
  /** Whether each read is reported with the time of the next one. */
  readonly progress: boolean;
}

export interface WatchServices {
  readonly limits: LimitsReader;
  readonly notify: Notify;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly log: Log;
}

export function createRateLimitsWatch(services: WatchServices): RateLimitsWatch {
  const { limits, notify, clock, random, log } = services;
  const known: KnownLimits = { limits: undefined, readAtMs: undefined };
  let supportsLunaReserve = false;
  /** The failure that the client knows of. A watch that replaces another keeps it. */
  let failing: AppError['kind'] | undefined;
  let current: AbortController | undefined;

  /**
   * Sends the notifications about a read. The first read is not a change.
   *
   * @param mustReport whether the client waits for a report even if nothing has changed
   */
  function notifyRead(
    { isFirst, hasChanged, limits: changed, settled }: Change<GetAccountRateLimitsResponse>,
    mustReport: boolean,
    more: { readonly nextReadAt?: number },
  ): void {
    if ((isFirst || !hasChanged) && !mustReport) return;
    const { ordinaryUsageAllowed, accountId } = settled;
    // No snapshot contains the number of credits. If only that has changed, the client must read.
    for (const rateLimits of changed.length > 0 ? changed : [settled.rateLimits]) {
      notify('account/rateLimits/updated', { rateLimits, ordinaryUsageAllowed, accountId, ...more });
    }
  }

  async function read(maxAgeMs: number, signal: AbortSignal): Promise<FoundRead> {
    const found = await limits.read({ maxAgeMs, supportsLunaReserve, withResetCredits: false }, signal);
    signal.throwIfAborted();
    return found;
  }

  /** Runs until the signal is aborted, then rejects. */
  function watch({ intervalMs, progress }: RateLimitsWatchOptions, signal: AbortSignal): Promise<never> {
    let report: (nextReadAt: number) => void = () => undefined;
    return watchLimits({
      intervalMs,
      read: (_, maxAgeMs) => read(maxAgeMs, signal),
      known,
      onRead(_, change) {
        // A client that knows of a failure learns in this way that it is over.
        const mustReport = progress || failing !== undefined;
        failing = undefined;
        report = (nextReadAt) => notifyRead(change, mustReport, progress ? { nextReadAt } : {});
      },
      onFailure({ kind, details: { retryAfterMs } }) {
        log.debug(`watch: ${kind}`);
        const isKnown = failing === kind;
        failing = kind;
        report = (nextReadAt) => {
          if (isKnown) return;
          const retry = retryAfterMs !== undefined && { retryAfterMs };
          notify('account/rateLimits/watchFailed', { kind, ...retry, nextReadAt });
        };
      },
      onWait: (nextReadAtMs) => report(Math.ceil(nextReadAtMs / 1000)),
      clock,
      random,
      signal,
    });
  }

  function end(): void {
    current?.abort(new Error('the watch has ended'));
    current = undefined;
  }

  return {
    start(given, answered) {
      end();
      const { signal } = (current = new AbortController());
      answered
        .then(() => watch(given, signal))
        .catch((error: unknown) => {
          if (!signal.aborted) log.error(`internal error in a watch: ${(error as Error).name}`);
        });
    },
    stop() {
      end();
      failing = undefined;
    },
    note(read, how) {
      ({ supportsLunaReserve } = how);
      known.readAtMs = how.readAtMs;
      // The watch reads only the usage, which may have another number of credits than the list of credits.
      const rateLimitResetCredits = known.limits?.rateLimitResetCredits ?? null;
      known.limits = { ...read, rateLimitResetCredits };
    },
  };
}
