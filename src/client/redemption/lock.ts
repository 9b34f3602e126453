import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../util/clock.js';
import {
  createFileLocks,
  type HeldLocks,
  LockLostError,
  NoLockError,
} from '../../util/files/locks/file-lock.js';
import { RedemptionError } from '../record/error.js';

export interface RedemptionLockOptions {
  /** The folder of the journal. */
  readonly folder: string;
  readonly clock: Clock;
  /** The PATH in which `flock` is searched on Linux. */
  readonly searchPath: string | undefined;
  /** The folder of this package's server, if a bundler has moved the library: the locks of Windows are beside it. */
  readonly serverFolder?: string | undefined;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal | undefined;
  /** How long to wait for the lock at most; 3 s unless given. */
  readonly waitLimitMs?: number;
}

const ignore = (): void => undefined;
const silentLog = { alert: ignore, error: ignore, warn: ignore, info: ignore, debug: ignore };

/** Another process may be about to finish, and a busy machine is slow. */
const usualWaitLimitMs = 3_000;

/** The lock while it is held. */
export interface RedemptionLock {
  /** Call before each step that cannot be undone. @throws RedemptionError `lockLost` if another process may redeem now */
  verify(): void;
}

/**
 * Runs `work` while no other process redeems with this journal. The system releases the lock of a killed process.
 *
 * @throws RedemptionError `anotherIsOpen`, `lockUnavailable`, `journalUnavailable`; the signal's reason
 */
export async function withRedemptionLock<T>(
  { folder, clock, searchPath, serverFolder, signal, waitLimitMs = usualWaitLimitMs }: RedemptionLockOptions,
  work: (lock: RedemptionLock) => Promise<T>,
): Promise<T> {
  const path = join(folder, 'redemptions.lock');
  const locks = createFileLocks({ log: silentLog, searchPath, serverFolder });
  const waitLimit = new AbortController();
  const cancel = clock.after(waitLimitMs, () =>
    waitLimit.abort(new RedemptionError('anotherIsOpen', 'another process is redeeming a credit')),
  );
  const outcome = await workWithLock().catch((cause: unknown) => {
    if (cause instanceof RedemptionError || signal?.aborted) throw cause;
    if (cause instanceof NoLockError) {
      const message = `other processes cannot be kept from redeeming at the same time: ${cause.message}`;
      throw new RedemptionError('lockUnavailable', message, { cause });
    }
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    throw new RedemptionError('journalUnavailable', `${folder} cannot be used (${code})`, { cause });
  });
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;

  async function workWithLock(): Promise<PromiseSettledResult<T>> {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return await locks.hold(
        [path],
        async (held) => {
          cancel();
          // An error of `work` is not an error of the lock.
          const [settled] = await Promise.allSettled([work(redemptionLock(held, path))]);
          return settled;
        },
        // Without the lock two processes could use two credits.
        { isRequired: true, signal: signal ? AbortSignal.any([signal, waitLimit.signal]) : waitLimit.signal },
      );
    } finally {
      cancel();
    }
  }
}

function redemptionLock(held: HeldLocks, path: string): RedemptionLock {
  return {
    verify() {
      try {
        held.verify();
      } catch (cause) {
        if (!(cause instanceof LockLostError)) throw cause;
        throw new RedemptionError('lockLost', `${path} was removed or replaced`, { cause });
      }
    },
  };
}
