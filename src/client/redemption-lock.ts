import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../util/clock.js';
import { createFileLocks } from '../util/file-lock.js';
import { RedemptionError } from './redemption-error.js';
import { journalFolder } from './redemption-journal.js';

export interface RedemptionLockOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  /** PATH: where `flock` or `lockf` is looked for. */
  readonly searchPath: string | undefined;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal | undefined;
}

/** How long to wait for another process, which may be just about to end, and for the lock itself on a busy machine. */
const patienceMs = 3_000;

/**
 * Runs `work` while no other process redeems with this CODEX_HOME. A process that is killed loses its lock.
 *
 * @throws RedemptionError `anotherIsOpen`, `lockUnavailable`, `journalUnavailable`; the signal's reason
 */
export async function withRedemptionLock<T>(
  { codexHome, clock, searchPath, signal }: RedemptionLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const folder = journalFolder(codexHome);
  const path = join(folder, 'redemptions.lock');
  const failures: string[] = [];
  const note = (message: string): void => void failures.push(message);
  const log = { error: note, warn: note, info: note, debug: () => undefined };
  const locks = createFileLocks({ log, searchPath });
  const patience = new AbortController();
  const cancel = clock.after(patienceMs, () =>
    patience.abort(new RedemptionError('anotherIsOpen', 'another process is redeeming a credit')),
  );
  const outcome = await held().catch((cause: unknown) => {
    if (cause instanceof RedemptionError || signal?.aborted) throw cause;
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    throw new RedemptionError('journalUnavailable', `${folder} cannot be used (${code})`, { cause });
  });
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;

  async function held(): Promise<PromiseSettledResult<T>> {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return await locks.hold(
        [{ path, mode: 0o600 }],
        async () => {
          cancel();
          const [failure] = failures;
          // Locks for other files may be done without; here two processes would use two credits.
          if (failure !== undefined) throw new RedemptionError('lockUnavailable', failure);
          // What `work` throws is no failure of the lock.
          const [settled] = await Promise.allSettled([work()]);
          return settled;
        },
        { signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal },
      );
    } finally {
      cancel();
    }
  }
}
