import { type BigIntStats, closeSync, fstatSync, statSync } from 'node:fs';
import type { Log } from '../../log.js';
import { type LockRequest, openLocked } from './lock-descriptor.js';
import type { LockFailure } from './lock-poll.js';

/** The locks that `work` runs under. */
export interface HeldLocks {
  /**
   * Checks that every acquired lock still excludes others. Call it directly before a step that cannot be undone.
   *
   * @throws LockLostError if the file of a lock was removed or replaced
   */
  verify(): void;
}

export interface FileLocks {
  /**
   * Runs `work` while exclusive locks on all files at `paths` are held. Acquires them in order and releases them before
   * the promise settles. Creates missing files with mode 0600; the files stay. Two calls in one process exclude each
   * other, too.
   *
   * @param options.signal aborts the wait for the locks with its reason, but not `work` once it has started
   * @param options.isBestEffort runs `work` without the lock if a lock file cannot be opened or created
   * @param options.isRequired fails instead of running `work` without locks
   * @param options.onWait called before the wait for each lock
   * @throws NoLockError if `isRequired` and the locks cannot be acquired
   * @throws the file system's error if a lock file cannot be opened or created, unless `isBestEffort`
   */
  hold<T>(
    paths: readonly string[],
    work: (held: HeldLocks) => T | Promise<T>,
    options?: {
      signal?: AbortSignal;
      isBestEffort?: boolean;
      isRequired?: boolean;
      onWait?: (path: string) => void;
    },
  ): Promise<T>;
}

/** An error for required locks that cannot be acquired. The message is the reason. */
export class NoLockError extends Error {
  override readonly name = 'NoLockError';
}

/** An error for a lock that was held, and no longer excludes others. */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
}

export interface FileLocksOptions extends Pick<LockRequest, 'searchPath' | 'serverFolder'> {
  readonly log: Log;
}

/**
 * Creates file locks that exclude Codex, too: on Linux and macOS those of `flock`, on Windows those of LockFileEx. If the
 * system has no locks, `work` runs without them unless they are required, and a warning is logged once.
 */
export function createFileLocks({ log, searchPath, serverFolder }: FileLocksOptions): FileLocks {
  let hasWarned = false;

  function warn(path: string, failure: string): void {
    if (hasWarned) return;
    hasWarned = true;
    log.warn(`cannot lock ${path}: ${failure}; going on without the lock`);
  }

  return {
    async hold(paths, work, { signal, isBestEffort = false, isRequired = false, onWait } = {}) {
      const locks: FileLock[] = [];
      try {
        for (const path of paths) {
          signal?.throwIfAborted();
          onWait?.(path);
          try {
            locks.push(await lockFile({ path, searchPath, serverFolder, signal }));
          } catch (error) {
            const isMissing = error instanceof NoLockError;
            if (signal?.aborted || (isMissing ? isRequired : !isBestEffort)) throw error;
            warn(path, isMissing ? error.message : `it cannot be opened (${codeOf(error)})`);
          }
        }
        return await work({
          verify() {
            for (const lock of locks) lock.verify();
          },
        });
      } finally {
        for (const lock of locks) lock.release();
      }
    },
  };
}

interface FileLock extends HeldLocks {
  release(): void;
}

/** The number of killed commands or replaced files after which `lockFile` gives up. */
const maxAttempts = 5;

/**
 * Locks a file. Starts again if `flock` is killed while it waits, because another program may then hold
 * the lock, and if the file is replaced, because others lock the new one.
 *
 * @throws NoLockError, the file system's error, the signal's reason
 */
async function lockFile(request: LockRequest): Promise<FileLock> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryLock(request);
    if ('verify' in outcome) return outcome;
    if (!outcome.isTransient || attempt === maxAttempts) throw new NoLockError(outcome.reason);
    request.signal?.throwIfAborted();
  }
}

async function tryLock(request: LockRequest): Promise<FileLock | LockFailure> {
  const outcome = await openLocked(request);
  if (typeof outcome !== 'number') return outcome;
  const lock = heldLock(request.path, outcome);
  if (isFileAt(request.path, outcome)) return lock;
  lock.release();
  return { reason: 'the lock file was replaced again and again', isTransient: true };
}

function heldLock(path: string, descriptor: number): FileLock {
  return {
    verify() {
      if (!isFileAt(path, descriptor))
        throw new LockLostError(`the lock file ${path} was removed or replaced`);
    },
    release() {
      closeSync(descriptor);
    },
  };
}

/** Returns whether `path` names the open file. */
function isFileAt(path: string, descriptor: number): boolean {
  try {
    return isSameFile(fstatSync(descriptor, { bigint: true }), statSync(path, { bigint: true }));
  } catch {
    return false;
  }
}

/** Returns whether these are the numbers of one file. */
export function isSameFile(
  opened: Pick<BigIntStats, 'dev' | 'ino'>,
  named: Pick<BigIntStats, 'dev' | 'ino'>,
  platform = process.platform,
): boolean {
  // Some versions of node return 32 bits of a drive's number for an open file on Windows 11, and 64 for a path.
  const bits = platform === 'win32' ? 32 : 64;
  return BigInt.asUintN(bits, opened.dev) === BigInt.asUintN(bits, named.dev) && opened.ino === named.ino;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
