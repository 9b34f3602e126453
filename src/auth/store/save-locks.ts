import { join } from 'node:path';
import { startTimeLimit } from '../../backend/request/time-limit.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import type { FileLocks } from '../../util/files/file-lock.js';

/** Returns the locks that Codex takes around each save of auth.json, in its order. */
export function saveLocks(codexHome: string): readonly string[] {
  return [join(codexHome, 'auth.lock'), join(codexHome, 'auth.json.lock')];
}

/** How long a save by another program may delay a refresh. */
const saveWaitLimitMs = 1_000;

/**
 * Waits for a save that another program has in progress, but not for long: that program may hang.
 *
 * @param signal ends the wait with its reason
 * @throws the file system's error if the locks cannot be opened
 */
export async function untilSaved(
  { codexHome, locks, clock }: { codexHome: string; locks: FileLocks; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const limit = startTimeLimit({ clock, limitMs: saveWaitLimitMs, message: 'a save takes long', signal });
  try {
    await locks.hold(saveLocks(codexHome), () => undefined, { signal: limit.signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.kind !== 'timedOut') throw error;
  } finally {
    limit.end();
  }
}
