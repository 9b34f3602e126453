import { join } from 'node:path';
import { startTimeLimit } from '../../backend/request/time-limit.js';
import type { Clock } from '../../util/clock.js';
import type { FileLocks, HeldLocks } from '../../util/files/file-lock.js';

/** An error for a save lock that another program does not release. The message names the file. */
export class SaveLockHeldError extends Error {
  override readonly name = 'SaveLockHeldError';
}

export interface SaveLocksOptions {
  readonly codexHome: string;
  readonly locks: FileLocks;
  readonly clock: Clock;
}

/** How long a save by another program may delay a refresh, or the save of its tokens. */
export const refreshSaveWaitMs = 1_000;

/** How long a save by another program may delay a login or a logout. */
export const loginSaveWaitMs = 6_000;

/**
 * Runs `work` while this process holds the locks that Codex takes around each save of auth.json, in its order. Waits for
 * them a limited time only, because their holder may hang.
 *
 * @param wait.signal ends the wait with its reason
 * @param wait.isBestEffort runs `work` without a lock whose file cannot be opened
 * @throws SaveLockHeldError, or the file system's error if a lock file cannot be opened
 */
export async function withSaveLocks<T>(
  { codexHome, locks, clock }: SaveLocksOptions,
  wait: { limitMs: number; signal?: AbortSignal | undefined; isBestEffort?: boolean },
  work: (held: HeldLocks) => T | Promise<T>,
): Promise<T> {
  const { limitMs, signal, isBestEffort = false } = wait;
  const limit = startTimeLimit({ clock, limitMs, message: 'a save takes long', signal });
  const options = { signal: limit.signal, isBestEffort };
  let path = join(codexHome, 'auth.lock');
  try {
    return await locks.hold(
      [path],
      (first) => {
        path = join(codexHome, 'auth.json.lock');
        return locks.hold(
          [path],
          (second) => {
            limit.end();
            return work({
              verify() {
                first.verify();
                second.verify();
              },
            });
          },
          options,
        );
      },
      options,
    );
  } catch (error) {
    if (!limit.signal.aborted || error !== limit.signal.reason || signal?.aborted) throw error;
    throw new SaveLockHeldError(`another program does not release the lock ${path}`, { cause: error });
  } finally {
    limit.end();
  }
}
