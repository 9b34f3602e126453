import { fstatSync } from 'node:fs';
import type { Clock } from '../../../util/clock.js';
import { isReading, pipeName, readersOf } from './pipe-readers.js';

const stdout = 1;
const checkEveryMs = 1_000;

/** Calls `onLost` when the reader of stdout has gone. Returns a function that stops this. */
export type WatchReader = (onLost: () => void) => () => void;

/**
 * Notices, if stdout is a pipe or a socket, that its reader has gone although nothing is written: a write alone would
 * show it. It counts as gone with the parent of this process, which is often the reader itself. On Linux the readers of a
 * pipe are looked up in /proc: all processes once, and then only those that were found.
 */
export function createReaderWatch(clock: Clock): WatchReader {
  return (onLost) => {
    if (!isPipeOrSocket()) return () => undefined;
    const parent = process.ppid;
    const pipe = pipeName(stdout);
    let readers: readonly string[] | undefined;

    function isLost(): boolean {
      if (process.ppid !== parent) return true;
      if (pipe === undefined) return false;
      if (readers?.some((path) => isReading(path, pipe))) return false;
      const isFirst = readers === undefined;
      const wereKnown = Boolean(readers?.length);
      if (isFirst || wereKnown) readers = readersOf(pipe);
      // Without any at the start, the reader belongs to another user.
      return wereKnown && readers?.length === 0;
    }

    const check = (): void => {
      if (isLost()) onLost();
      else cancel = clock.after(checkEveryMs, check);
    };
    let cancel = clock.after(0, check);
    return () => cancel();
  };
}

function isPipeOrSocket(): boolean {
  try {
    const stats = fstatSync(stdout);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
