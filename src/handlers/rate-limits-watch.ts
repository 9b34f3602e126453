import { rateLimitsFromWire } from '../domain/rate-limits.js';
import type { Change } from '../limits/change.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { GetAccountRateLimitsResponse } from '../protocol/schema/rate-limits.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { AccountServices } from './request-context.js';
import { watchLimits } from './watch-limits.js';

/** Reads the limits for a client, and notifies it of each one that has changed. */
export interface RateLimitsWatch {
  /** Starts once `answered` has resolved; a watch that is running goes on with this interval instead. */
  start(intervalMs: number, answered: Promise<void>): void;
  stop(): void;
  /** Notes what the client has read: changes count from here, and the watch reads with the same parameter. */
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

  /** The first read of a client that has read nothing yet is no change. */
  function notifyOf({ isFirst, hasChanged, limits, settled }: Change<GetAccountRateLimitsResponse>): void {
    if (isFirst || !hasChanged) return;
    // The permission and the number of credits are in no snapshot: the client learns of them by a read.
    for (const rateLimits of limits.length > 0 ? limits : [settled.rateLimits]) {
      notify('account/rateLimits/updated', { rateLimits });
    }
  }

  async function read(signal: AbortSignal): Promise<GetAccountRateLimitsResponse> {
    const authorization = await session.authorization('to read rate limits', signal);
    const how = { supportsLunaReserve, withResetCredits: false };
    const { usage, identity } = await backend.readRateLimits(authorization, how, signal);
    signal.throwIfAborted();
    return rateLimitsFromWire(usage, null, identity);
  }

  /** Ends only by its signal, with an error. */
  function watch(intervalMs: number, signal: AbortSignal): Promise<never> {
    return watchLimits({
      intervalMs,
      read: () => read(signal),
      known,
      onRead: (_, change) => notifyOf(change),
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
      // The list of credits may have another number than the usage, which is all that the watch reads.
      const rateLimitResetCredits = known.limits?.rateLimitResetCredits ?? null;
      known.limits = { ...limits, rateLimitResetCredits };
    },
  };
}
