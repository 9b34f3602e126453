import { rateLimitsFromWire } from '../domain/rate-limits.js';
import type { Change } from '../limits/change.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { GetAccountRateLimitsResponse } from '../protocol/schema/rate-limits.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { AccountServices } from './request-context.js';
import { watchLimits } from './watch-limits.js';

/** A watch that reads the limits for the client and sends a notification for each one that has changed. */
export interface RateLimitsWatch {
  /** Starts the watch once `answered` has resolved. A running watch is replaced, so that the interval is the new one. */
  start(intervalMs: number, answered: Promise<void>): void;
  stop(): void;
  /** Call after each read of the client. The watch compares with that read and uses the same parameter. */
  note(read: GetAccountRateLimitsResponse, supportsLunaReserve: boolean): void;
}

export interface WatchServices extends AccountServices {
  readonly notify: Notify;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly log: Log;
}

export function createRateLimitsWatch(services: WatchServices): RateLimitsWatch {
  const { session, backend, notify, clock, random, log } = services;
  const known: { limits: GetAccountRateLimitsResponse | undefined } = { limits: undefined };
  let supportsLunaReserve = false;
  let current: AbortController | undefined;

  /** Sends the notifications about a change. The first read is not a change. */
  function notifyChange({
    isFirst,
    hasChanged,
    limits,
    settled,
  }: Change<GetAccountRateLimitsResponse>): void {
    if (isFirst || !hasChanged) return;
    // No snapshot contains the permission or the number of credits. If one of them has changed, the client must read.
    for (const rateLimits of limits.length > 0 ? limits : [settled.rateLimits]) {
      notify('account/rateLimits/updated', { rateLimits });
    }
  }

  async function read(signal: AbortSignal): Promise<GetAccountRateLimitsResponse> {
    const authorization = await session.authorization('to read rate limits', signal);
    const how = { supportsLunaReserve, withResetCredits: false };
    const reply = await backend.readRateLimits(authorization, how, signal);
    signal.throwIfAborted();
    return rateLimitsFromWire(reply);
  }

  /** Runs until the signal is aborted, then rejects. */
  function watch(intervalMs: number, signal: AbortSignal): Promise<never> {
    return watchLimits({
      intervalMs,
      read: () => read(signal),
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
    note(limits, isReserveSupported) {
      supportsLunaReserve = isReserveSupported;
      // The watch reads only the usage, which may have another number of credits than the list of credits.
      const rateLimitResetCredits = known.limits?.rateLimitResetCredits ?? null;
      known.limits = { ...limits, rateLimitResetCredits };
    },
  };
}
