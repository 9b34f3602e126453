import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { retryReplacing } from './in-use.js';

/**
 * Opens a file that only this user can write to. Follows no link.
 *
 * @returns undefined for any other file
 * @throws Error if it cannot be opened or read
 */
export function withOwnFile<T>(path: string, act: (descriptor: number, stats: Stats) => T): T | undefined {
  // Opening a FIFO would otherwise wait for a writer. On Windows both flags are undefined, and count as 0.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() && isOwn(stats) ? act(descriptor, stats) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads the text of a file that only this user can write to. Follows no link.
 *
 * @returns undefined for any other file, and for one that has more than `maxBytes` bytes or changes its length meanwhile
 * @throws Error if it cannot be opened or read
 */
export function readOwnFile(path: string, maxBytes: number): string | undefined {
  return withOwnFile(path, (descriptor, { size }) => {
    if (size > maxBytes) return undefined;
    const bytes = Buffer.allocUnsafeSlow(size);
    return readSync(descriptor, bytes, 0, size, 0) === size ? bytes.toString('utf8') : undefined;
  });
}

/** Returns whether the path is a folder, not a link to one, that only this user can write to. @throws Error if there is none */
export function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path);
  return stats.isDirectory() && isOwn(stats);
}

/** Creates a folder. Without `recursive`, with which node up to 24 retries forever in /proc and /sys. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Replaces a file that can be made again, with mode 0600. Readers see the old content or the new one; after a power cut
 * it may be damaged. A link at the path is replaced, and its target stays. Blocks for at most 2 s while another program has
 * the file open.
 *
 * @throws the file system's error; the old file then stays
 */
export function replaceOwnFile(path: string, content: string | Uint8Array): void {
  const temporaryPath = `${path}.${process.pid}`;
  // A killed process with the same id may have left one.
  rmSync(temporaryPath, { force: true });
  // Fails if something has that name, even a link.
  const descriptor = openSync(temporaryPath, 'wx', 0o600);
  try {
    writeFileSync(descriptor, content);
    retryReplacing(() => {
      renameSync(temporaryPath, path);
    });
  } catch (error) {
    rmSync(temporaryPath, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns whether only this user can write to the file. Windows has no such modes: the files are in the profile of the
 * user, whose access list keeps other users out.
 */
export function isOwn({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
