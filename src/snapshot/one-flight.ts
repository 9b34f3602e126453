import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import type { FileLocks } from '../util/files/locks/file-lock.js';
import type { Log } from '../util/log.js';
import { untilAborted, withinMs } from '../util/waiting.js';

/** How long a caller waits for the read of another one. */
const flightWaitMs = 2_000;

/** Whether the caller makes its read for others too, or another caller in this process has just made one. */
export type Turn = 'own' | 'afterOther';

/**
 * Runs `work` when no other caller or process reads with the same lock, at the latest after two seconds. A process that
 * has died does not count. Callers in this process do not follow one another: they all run when the first has ended.
 *
 * @throws what `work` throws; the signal's reason once it is aborted
 */
export type OneFlight = <T>(
  lockPath: string,
  signal: AbortSignal,
  work: (turn: Turn) => Promise<T>,
) => Promise<T>;

export function createOneFlight(options: { locks: FileLocks; clock: Clock; log: Log }): OneFlight {
  const { locks, clock, log } = options;
  const flights = new Map<string, Promise<void>>();

  /** Runs `work` with the lock, or without it if it cannot be had in time. */
  async function withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const late = new AbortController();
    const cancel = clock.after(flightWaitMs, () => late.abort(new Error('it is held too long')));
    const turn = { hasBegun: false };
    const start = (): Promise<T> => {
      turn.hasBegun = true;
      cancel();
      return work();
    };
    try {
      // Without the lock it would warn: here it is only another request.
      return await locks.hold([path], start, {
        isRequired: true,
        signal: AbortSignal.any([signal, late.signal]),
      });
    } catch (error) {
      if (turn.hasBegun || signal.aborted) throw error;
      log.debug(
        `cannot lock the stored limits: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
      );
    } finally {
      cancel();
    }
    return work();
  }

  return async (lockPath, signal, work) => {
    const other = flights.get(lockPath);
    if (other) {
      await untilAborted(withinMs(clock, flightWaitMs, other), signal);
      return work('afterOther');
    }
    const { promise, resolve } = createDeferred();
    flights.set(lockPath, promise);
    try {
      return await withLock(lockPath, signal, () => work('own'));
    } finally {
      flights.delete(lockPath);
      resolve();
    }
  };
}
