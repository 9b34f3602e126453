import { join } from 'node:path';
import { withTimeLimit } from '../backend/time-limit.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { FileLocks, LockFile } from '../util/file-lock.js';

/** The locks that Codex takes around each save of auth.json, in its order. */
export function saveLocks(codexHome: string): readonly LockFile[] {
  return [
    { path: join(codexHome, 'auth.lock'), mode: 0o644 },
    { path: join(codexHome, 'auth.json.lock'), mode: 0o600 },
  ];
}

/** How long a save of another program may hold up a refresh. */
const savePatienceMs = 1_000;

/**
 * Waits for a save that is under way; not for long, as it may be held by a program that hangs.
 *
 * @param signal ends the wait with its reason
 * @throws the file system's error where the locks cannot be opened
 */
export async function untilSaved(
  { codexHome, locks, clock }: { codexHome: string; locks: FileLocks; clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const limit = { clock, limitMs: savePatienceMs, message: 'a save takes long', signal };
  try {
    await withTimeLimit(limit, (limited) =>
      locks.hold(saveLocks(codexHome), () => undefined, { signal: limited }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.kind !== 'timedOut') throw error;
  }
}
