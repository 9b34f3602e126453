/** Why a lock was not acquired. */
export interface LockFailure {
  readonly reason: string;
  /** Whether another attempt may succeed. */
  readonly isTransient: boolean;
}

/** How often a lock is tried that another program holds. */
const pauseMs = 25;

/** The codes for a file system without locks, as that of some network drives. */
const unsupportedCodes: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOLCK']);

/**
 * Calls `tryLock` until no other program has the lock, and returns its result, or the reason if the file system has no
 * locks.
 *
 * @param otherUnsupportedCodes further codes of `tryLock` for a file system without locks
 * @throws other errors of `tryLock`; the signal's reason, at most 25 ms after its abort
 */
export async function untilLocked<T>(
  tryLock: () => T,
  signal: AbortSignal | undefined,
  otherUnsupportedCodes: readonly string[] = [],
): Promise<T | LockFailure> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return tryLock();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (unsupportedCodes.has(code) || otherUnsupportedCodes.includes(code)) {
        return { reason: `the file system cannot lock files (${code})`, isTransient: false };
      }
      if (code !== 'EAGAIN') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
