import { dirname, join } from 'node:path';
import { resolveLinks } from '../../util/files/atomic-file.js';
import { startTimeLimit } from '../../backend/request/time-limit.js';
import type { Clock } from '../../util/clock.js';
import type { FileLocks, HeldLocks } from '../../util/files/locks/file-lock.js';

/** An error for a lock that another program does not release. The message names the file. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
}

export interface LockOptions {
  readonly locks: FileLocks;
  readonly clock: Clock;
}

export interface SaveLocksOptions extends LockOptions {
  readonly codexHome: string;
}

export interface LockWait {
  readonly limitMs: number;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether `work` runs without a lock whose file cannot be opened. */
  readonly isBestEffort?: boolean;
}

/** How long a save by another program may delay a refresh, or the save of its tokens. */
export const refreshSaveWaitMs = 1_000;

/** How long a save by another program may delay a login or a logout. */
export const loginSaveWaitMs = 6_000;

/**
 * Runs `work` while this process holds the locks that Codex takes around each save of auth.json, in its order.
 * @throws as `withLocks`
 */
export function withSaveLocks<T>(
  { codexHome, ...options }: SaveLocksOptions,
  wait: LockWait,
  work: (held: HeldLocks) => T | Promise<T>,
): Promise<T> {
  return withLocks(options, [join(codexHome, 'auth.lock'), join(codexHome, 'auth.json.lock')], wait, work);
}

/** Returns the lock of a refresh, next to the file itself: a CODEX_HOME may have a link to the auth.json of another. */
export function refreshLock(codexHome: string): string {
  return join(dirname(resolveLinks(join(codexHome, 'auth.json'))), 'auth.refresh.lock');
}

/**
 * Runs `work` while this process holds the locks at `paths`. Waits for all of them a limited time only, because their
 * holder may hang.
 *
 * @throws LockHeldError, or the file system's error if a lock file cannot be opened
 */
export async function withLocks<T>(
  { locks, clock }: LockOptions,
  paths: readonly string[],
  { limitMs, signal, isBestEffort = false }: LockWait,
  work: (held: HeldLocks) => T | Promise<T>,
): Promise<T> {
  const limit = startTimeLimit({ clock, limitMs, message: 'a lock is not released', signal });
  let waitedFor: string | undefined;
  const onWait = (path: string): void => {
    waitedFor = path;
  };
  const workWithoutLimit = (held: HeldLocks): T | Promise<T> => {
    limit.end();
    return work(held);
  };
  try {
    return await locks.hold(paths, workWithoutLimit, { signal: limit.signal, isBestEffort, onWait });
  } catch (error) {
    if (!limit.signal.aborted || error !== limit.signal.reason || signal?.aborted) throw error;
    throw new LockHeldError(`another program does not release the lock ${waitedFor}`, { cause: error });
  } finally {
    limit.end();
  }
}
