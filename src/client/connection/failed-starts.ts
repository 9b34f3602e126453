import type { Clock } from '../../util/clock.js';
import { ConnectionError } from './errors.js';

/** Counts failed starts, so that a server that always fails is not started again and again. */
export interface FailedStarts {
  /** @throws ConnectionError `tooManyFailedStarts` after five failed starts within three minutes */
  throwIfTooMany(): void;
  /**
   * Records that a server has exited, or could not be started.
   *
   * @param openedAtMs when it answered `initialize`, as `Clock.monotonicMs`; undefined if it did not
   */
  recordEnd(reason: ConnectionError, openedAtMs?: number): void;
}

const mostFailures = 5;
const periodMs = 3 * 60_000;

/** A server that exits earlier than this after `initialize` counts as a failed start. */
const startedMs = 10_000;

export function createFailedStarts(clock: Clock): FailedStarts {
  let failures: { readonly atMs: number; readonly reason: ConnectionError }[] = [];

  return {
    throwIfTooMany() {
      failures = failures.filter(({ atMs }) => clock.monotonicMs() - atMs < periodMs);
      const last = failures.at(-1)?.reason;
      if (!last || failures.length < mostFailures) return;
      const message = `the server failed ${mostFailures} times within 3 minutes: ${last.message}`;
      throw new ConnectionError('tooManyFailedStarts', message, { cause: last, stderrTail: last.stderrTail });
    },
    recordEnd(reason, openedAtMs) {
      const atMs = clock.monotonicMs();
      const hasStarted = openedAtMs !== undefined && atMs - openedAtMs >= startedMs;
      failures = hasStarted ? [] : [...failures, { atMs, reason }];
    },
  };
}
