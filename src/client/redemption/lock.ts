import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../util/clock.js';
import { createFileLocks, NoLockError } from '../../util/files/file-lock.js';
import { RedemptionError } from './error.js';
import { journalFolder } from './journal.js';

export interface RedemptionLockOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  /** PATH: where `flock` or `lockf` is looked for. */
  readonly searchPath: string | undefined;
  /** Ends the wait for the lock. */
  readonly signal: AbortSignal | undefined;
}

const nothing = (): void => undefined;
const silence = { error: nothing, warn: nothing, info: nothing, debug: nothing };

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
  const locks = createFileLocks({ log: silence, searchPath });
  const patience = new AbortController();
  const cancel = clock.after(patienceMs, () =>
    patience.abort(new RedemptionError('anotherIsOpen', 'another process is redeeming a credit')),
  );
  const outcome = await held().catch((cause: unknown) => {
    if (cause instanceof RedemptionError || signal?.aborted) throw cause;
    if (cause instanceof NoLockError) {
      const message = `nothing keeps other processes from redeeming meanwhile: ${cause.message}`;
      throw new RedemptionError('lockUnavailable', message, { cause });
    }
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
          // What `work` throws is no failure of the lock.
          const [settled] = await Promise.allSettled([work()]);
          return settled;
        },
        // Without it two processes would use two credits.
        { isRequired: true, signal: signal ? AbortSignal.any([signal, patience.signal]) : patience.signal },
      );
    } finally {
      cancel();
    }
  }
}
