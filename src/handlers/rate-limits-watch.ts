import { rateLimitsFromWire } from '../domain/rate-limits.js';
import { hasLimitChanged } from '../limits/change.js';
import { nextWaitMs } from '../limits/pace.js';
import { limitIdOf, listLimits } from '../limits/snapshots.js';
import type { Notify } from '../protocol/notifications.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../protocol/rate-limits.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { pause } from '../util/waiting.js';
import type { AccountServices } from './call.js';

/** Reads the limits again and again while the client wants it, and tells of each one that has changed. */
export interface RateLimitsWatch {
  /** Begins once `answered` has resolved; one that is under way goes on with this interval instead. */
  start(intervalMs: number, answered: Promise<void>): void;
  stop(): void;
  /** The client has just been told this: what is the same is no news, and it is read in the same way. */
  note(told: GetAccountRateLimitsResponse, supportsLunaReserve: boolean): void;
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
  const known = new Map<string, RateLimitSnapshot>();
  let supportsLunaReserve = false;
  let current: AbortController | undefined;

  /** Tells what differs from what the client knows; before it knows anything there is no change. Whether it did. */
  function tell(snapshots: readonly RateLimitSnapshot[]): boolean {
    const isFirst = known.size === 0;
    const changed = snapshots.filter((snapshot) => hasLimitChanged(known.get(limitIdOf(snapshot)), snapshot));
    for (const rateLimits of changed) {
      known.set(limitIdOf(rateLimits), rateLimits);
      if (!isFirst) notify('account/rateLimits/updated', { rateLimits });
    }
    return changed.length > 0;
  }

  async function read(signal: AbortSignal): Promise<RateLimitSnapshot[]> {
    const authorization = await session.authorization('to read rate limits', signal);
    const how = { supportsLunaReserve, withResetCredits: false };
    const { usage, identity } = await backend.readRateLimits(authorization, how, signal);
    signal.throwIfAborted();
    return listLimits(rateLimitsFromWire(usage, null, identity));
  }

  /** Ends only by its signal, with an error. */
  async function watch(intervalMs: number, signal: AbortSignal): Promise<never> {
    let snapshots: RateLimitSnapshot[] = [];
    let quietReads = 0;
    let failures = 0;
    for (;;) {
      let retryAfterMs: number | undefined;
      try {
        snapshots = await read(signal);
        quietReads = tell(snapshots) ? 0 : quietReads + 1;
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError)) throw error;
        log.debug(`watch: ${error.kind}`);
        retryAfterMs = error.details.retryAfterMs;
        // Nothing is sent while nobody is signed in, so there is nothing to hold back.
        if (error.kind !== 'authRequired') failures += 1;
      }
      const windows = snapshots
        .flatMap(({ primary, secondary }) => [primary, secondary])
        .filter((window) => window !== null);
      const pace = {
        intervalMs,
        quietReads,
        failures,
        retryAfterMs,
        windows,
        nowMs: clock.nowMs(),
        random: random(),
      };
      await pause(clock, nextWaitMs(pace), signal);
    }
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
    note(told, isReserveSupported) {
      supportsLunaReserve = isReserveSupported;
      for (const snapshot of listLimits(told)) known.set(limitIdOf(snapshot), snapshot);
    },
  };
}
