import {
  closeSync,
  constants as fileConstants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { retryOnWindows, retryReplacing } from './in-use.js';
import { isMountPoint } from './mount-point.js';
import { fileError } from './os-error.js';
import { writeFrom } from './overwrite-file.js';
import { realPath } from './real-path.js';

/** A prepared replacement of a file, with its space on the disk reserved. Either `commit` or `discard` ends it. */
export interface Replacement {
  /**
   * Replaces the file with `text` atomically and durably. The mode of the new file is 0600. Blocks for at most 2 s while
   * another program has the file open.
   *
   * @param beforeRename called directly before each attempt to replace the file; an error that it throws keeps the old file
   * @throws the file system's error. The old file then stays.
   */
  commit(text: string | Uint8Array, beforeRename?: () => void): void;
  /** Keeps the old file. Does nothing after `commit`. */
  discard(): void;
}

export interface ReplacementOptions {
  readonly nowMs: () => number;
  /** Returns a number from 0 to below 1, like Math.random. */
  readonly random: () => number;
  /** Bytes of disk space to reserve. A text of at most this length cannot fail because the disk is full. */
  readonly reserveBytes?: number;
  /** Whether a file with several names (hard links) is refused, because the other names would keep the old file. */
  readonly refusesHardLinks?: boolean;
}

/**
 * An error for a file without the owner's write bit. The file system would allow its replacement, but the owner has
 * protected it.
 */
export class ReadOnlyFileError extends Error {
  readonly code = 'EACCES';
  readonly errno = -constants.errno.EACCES;
}

/**
 * Prepares the replacement of `path`: does every step that can fail, except the last ones that change the file. A
 * symbolic link stays, and its target is replaced.
 *
 * It is synchronous because the files are small.
 *
 * @throws ReadOnlyFileError, or the file system's error: EACCES, EROFS, ENOSPC, EISDIR, …
 */
export function prepareReplacement(path: string, options: ReplacementOptions): Replacement {
  const target = resolveLinks(path);
  const folder = dirname(target);
  // Opened before the replacement, so that a folder that cannot be opened for its sync fails while the old file exists.
  const folderDescriptor = openSync(folder, 'r');
  const temporaryPath = createTemporaryPath(folder, options.random);
  const descriptor = withCleanUp(
    () => {
      requireReplaceable(target, folderDescriptor, options);
      sweepTemporaryFiles(folder, options.nowMs());
      return openSync(temporaryPath, 'wx', 0o600);
    },
    () => closeSync(folderDescriptor),
  );
  let isOpen = true;

  function discard(): void {
    if (!isOpen) return;
    isOpen = false;
    for (const step of [
      () => closeSync(descriptor),
      () => closeSync(folderDescriptor),
      () => rmSync(temporaryPath, { force: true }),
    ]) {
      try {
        step();
      } catch {
        // The file has been replaced, or the reason why not is on its way. A temporary file that stays is removed later.
      }
    }
  }

  /** Returns whether a link at `path`, or another folder, has changed which file is to be replaced. */
  function isElsewhere(): boolean {
    return resolveLinks(path) !== target || statSync(folder).ino !== fstatSync(folderDescriptor).ino;
  }

  withCleanUp(() => {
    // `open` applies the umask to its mode.
    fchmodSync(descriptor, 0o600);
    writeFrom(descriptor, Buffer.alloc(options.reserveBytes ?? 0));
    // Some file systems report a full disk only on sync.
    fsyncSync(descriptor);
  }, discard);

  return {
    commit(text, beforeRename) {
      if (!isOpen) throw new Error('the replacement has ended');
      if (withCleanUp(isElsewhere, discard)) {
        discard();
        prepareReplacement(path, options).commit(text, beforeRename);
        return;
      }
      withCleanUp(() => {
        requireReplaceable(target, folderDescriptor, options);
        const bytes = Buffer.from(text);
        // Written over the reserved bytes: truncating the file first would free their space.
        writeFrom(descriptor, bytes);
        ftruncateSync(descriptor, bytes.length);
        fsyncSync(descriptor);
        retryReplacing(() => {
          beforeRename?.();
          renameSync(temporaryPath, target);
        });
      }, discard);
      syncFolder(folderDescriptor);
      discard();
    },
    discard,
  };
}

/** Replaces a file: `prepareReplacement` and `commit` in one call. */
export function replaceFile(path: string, text: string | Uint8Array, options: ReplacementOptions): void {
  prepareReplacement(path, options).commit(text);
}

/**
 * Returns the path without symbolic links. The file itself need not exist.
 *
 * @throws the file system's error if the folder does not exist or the links form a cycle
 */
export function resolveLinks(path: string): string {
  // Throws ELOOP for a cycle of links.
  const real = retryOnWindows(() => (statSync(path, { throwIfNoEntry: false }) ? realPath(path) : undefined));
  if (real !== undefined) return real;
  const folder = realPath(dirname(path));
  const link = linkAt(path);
  return link === undefined ? join(folder, basename(path)) : resolveLinks(resolve(folder, link));
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function requireReplaceable(
  target: string,
  folderDescriptor: number,
  { refusesHardLinks = false }: ReplacementOptions,
): void {
  const stats = retryOnWindows(() => statSync(target, { throwIfNoEntry: false }));
  if (!stats) return;
  if (stats.isDirectory()) throw fileError('EISDIR', target, 'is a directory');
  // A rename would replace a device or a pipe for every program.
  if (!stats.isFile()) throw fileError('EINVAL', target, 'is not a regular file');
  // Checked by the mode, because root may write to any file.
  if ((stats.mode & 0o200) === 0) throw new ReadOnlyFileError(`${target} is read-only`);
  if (refusesHardLinks && stats.nlink > 1) throw fileError('EMLINK', target, 'has several names');
  // Fails for a read-only file system or an immutable file.
  const descriptor = retryOnWindows(() => openSync(target, fileConstants.O_WRONLY));
  try {
    if (isMountPoint(descriptor, folderDescriptor)) throw fileError('EBUSY', target, 'is a mount point');
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Lets the new name of the file survive a power cut. Ignores a failure: every program sees the new file already, so an
 * error would wrongly say that the old one stays. Windows refuses to sync a folder, and NTFS keeps a journal of names.
 */
function syncFolder(descriptor: number): void {
  if (process.platform === 'win32') return;
  try {
    fsyncSync(descriptor);
  } catch {
    // As above.
  }
}

function withCleanUp<T>(work: () => T, cleanUp: () => void): T {
  try {
    return work();
  } catch (error) {
    cleanUp();
    throw error;
  }
}

/** Matches the temporary files of this program only. */
const temporaryName = /^\.codex-account-server-[0-9a-f]{12}\.tmp$/;

/** Much longer than a temporary file is in use, which is at most the duration of a token refresh. */
const abandonedAfterMs = 10 * 60_000;

/** Returns a path for a hidden temporary file in `folder`. */
function createTemporaryPath(folder: string, random: () => number): string {
  const digits = Math.floor(random() * 2 ** 48).toString(16);
  return join(folder, `.codex-account-server-${digits.padStart(12, '0')}.tmp`);
}

/** Removes the temporary files of killed processes from `folder`, as they can hold tokens. Ignores failures. */
function sweepTemporaryFiles(folder: string, nowMs: number): void {
  for (const name of namesIn(folder)) {
    if (temporaryName.test(name)) removeAbandoned(join(folder, name), nowMs);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeAbandoned(path: string, nowMs: number): void {
  try {
    if (nowMs - lstatSync(path).mtimeMs > abandonedAfterMs) rmSync(path);
  } catch {
    // Another process has removed it, or its owner is another user.
  }
}
