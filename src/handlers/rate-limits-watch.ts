import type { Change } from '../limits/change.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { GetAccountRateLimitsResponse } from '../protocol/schema/rate-limits.js';
import type { FoundRead } from '../snapshot/read-through.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { LimitsReader } from './limits-reader.js';
import { type KnownLimits, watchLimits } from './watch-limits.js';

/** A watch that reads the limits for the client and sends a notification for each one that has changed. */
export interface RateLimitsWatch {
  /** Starts the watch once `answered` has resolved. A running watch is replaced, so that the interval is the new one. */
  start(intervalMs: number, answered: Promise<void>): void;
  stop(): void;
  /** Call after each read of the client. The watch compares with that read and uses the same parameter. */
  note(read: GetAccountRateLimitsResponse, supportsLunaReserve: boolean): void;
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
  let current: AbortController | undefined;

  /** Sends the notifications about a change. The first read is not a change. */
  function notifyChange({
    isFirst,
    hasChanged,
    limits: changed,
    settled,
  }: Change<GetAccountRateLimitsResponse>): void {
    if (isFirst || !hasChanged) return;
    // No snapshot contains the permission or the number of credits. If one of them has changed, the client must read.
    for (const rateLimits of changed.length > 0 ? changed : [settled.rateLimits]) {
      notify('account/rateLimits/updated', { rateLimits });
    }
  }

  async function read(maxAgeMs: number, signal: AbortSignal): Promise<FoundRead> {
    const found = await limits.read({ maxAgeMs, supportsLunaReserve, withResetCredits: false }, signal);
    signal.throwIfAborted();
    return found;
  }

  /** Runs until the signal is aborted, then rejects. */
  function watch(intervalMs: number, signal: AbortSignal): Promise<never> {
    return watchLimits({
      intervalMs,
      read: (_, maxAgeMs) => read(maxAgeMs, signal),
      known,
      onRead: (_, change) => notifyChange(change),
      onFailure: (error) => log.debug(`watch: ${error.kind}`),
      clock,
      random,
      signal,
    });
  }

  function stop(): void {
    current?.abort(new Error('the watch has ended'));
    current = undefined;
  }

  return {
    start(intervalMs, answered) {
      stop();
      const { signal } = (current = new AbortController());
      answered
        .then(() => watch(intervalMs, signal))
        .catch((error: unknown) => {
          if (!signal.aborted) log.error(`internal error in a watch: ${(error as Error).name}`);
        });
    },
    stop,
    note(read, isReserveSupported) {
      supportsLunaReserve = isReserveSupported;
      // The watch reads only the usage, which may have another number of credits than the list of credits.
      const rateLimitResetCredits = known.limits?.rateLimitResetCredits ?? null;
      known.limits = { ...read, rateLimitResetCredits };
    },
  };
}
