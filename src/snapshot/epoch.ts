import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { retryOnWindows } from '../util/files/in-use.js';
import { readOwnFile, replaceOwnFile } from '../util/files/own-file.js';

const maxBytes = 64;

/**
 * Returns the current epoch of a folder: a random text in a file. A snapshot is usable only in the epoch in which its read
 * began.
 *
 * @returns undefined if there is none
 * @throws the file system's error
 */
export function currentEpoch(folder: string): string | undefined {
  try {
    return readOwnFile(pathOf(folder), maxBytes) || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the current epoch, and begins one if there is none. @throws the file system's error */
export function epochForRead(folder: string): string {
  const current = currentEpoch(folder);
  if (current !== undefined) return current;
  const epoch = randomUUID();
  // Of two processes that begin one, the first stores a snapshot that nobody can use.
  replaceOwnFile(pathOf(folder), epoch);
  return epoch;
}

/**
 * Ends the current epoch: no read that has begun before is usable afterwards, whoever made it.
 *
 * The file is removed, because that succeeds on a full disk too.
 *
 * @throws the file system's error
 */
export function endEpoch(folder: string): void {
  retryOnWindows(() => {
    rmSync(pathOf(folder), { force: true });
  });
}

function pathOf(folder: string): string {
  return join(folder, 'limits-epoch');
}
