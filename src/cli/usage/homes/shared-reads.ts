import type { WatchedRead } from '../../../handlers/limits/watch-limits.js';
import { AppError } from '../../../util/errors.js';
import { concernsHome } from './groups.js';

/** Reads that homes with the same account share. */
export interface SharedReads {
  /**
   * Returns the read of another home if it is under way or young enough, otherwise reads. If the other read has failed
   * for a reason that is only about its home, this home reads too.
   *
   * @param account undefined if it is not known: nothing is shared then
   * @param own reads with the login of this home
   * @throws what the reads throw
   */
  read(account: string | undefined, maxAgeMs: number, own: () => Promise<WatchedRead>): Promise<WatchedRead>;
}

interface Entry {
  readonly reading: Promise<WatchedRead>;
  /** When the read began; undefined while it is under way. */
  atMs: number | undefined;
}

export function createSharedReads(nowMs: () => number): SharedReads {
  const entries = new Map<string, Entry>();

  function begin(account: string, own: () => Promise<WatchedRead>): Promise<WatchedRead> {
    const startedAtMs = nowMs();
    const entry: Entry = { reading: own(), atMs: undefined };
    entries.set(account, entry);
    entry.reading.then(
      ({ readAtMs }) => {
        entry.atMs = readAtMs;
      },
      () => {
        entry.atMs = startedAtMs;
      },
    );
    return entry.reading;
  }

  return {
    async read(account, maxAgeMs, own) {
      if (account === undefined) return own();
      const tried = new Set<Entry>();
      for (;;) {
        const entry = entries.get(account);
        const isUsable = entry && !tried.has(entry) && nowMs() - (entry.atMs ?? Infinity) <= maxAgeMs;
        if (!isUsable) return begin(account, own);
        try {
          return await entry.reading;
        } catch (error) {
          if (error instanceof AppError && !concernsHome(error.kind)) throw error;
          tried.add(entry);
        }
      }
    },
  };
}
