import type { Clock } from '../../util/clock.js';
import { ConnectionError } from './errors.js';

/** Counts servers that were of no use, so that one that always fails is not started again and again. */
export interface FailedStarts {
  /** @throws ConnectionError `tooManyFailedStarts` while no server is to be started */
  throwIfTooMany(): void;
  /**
   * Notes that a server has ended, or was not there at all.
   *
   * @param openedAtMs when it had answered `initialize`; undefined if it never did
   */
  recordEnd(reason: ConnectionError, openedAtMs?: number): void;
}

const mostFailures = 5;
const periodMs = 3 * 60_000;

/** A server that runs for this long has started. One that ends earlier has not, though it answered `initialize`. */
const startedMs = 10_000;

export function createFailedStarts(clock: Clock): FailedStarts {
  let failures: { readonly atMs: number; readonly reason: ConnectionError }[] = [];

  return {
    throwIfTooMany() {
      failures = failures.filter(({ atMs }) => clock.nowMs() - atMs < periodMs);
      const last = failures.at(-1)?.reason;
      if (!last || failures.length < mostFailures) return;
      const message = `the server has failed ${mostFailures} times within 3 minutes: ${last.message}`;
      throw new ConnectionError('tooManyFailedStarts', message, { cause: last });
    },
    recordEnd(reason, openedAtMs) {
      const atMs = clock.nowMs();
      const hasStarted = openedAtMs !== undefined && atMs - openedAtMs >= startedMs;
      failures = hasStarted ? [] : [...failures, { atMs, reason }];
    },
  };
}
