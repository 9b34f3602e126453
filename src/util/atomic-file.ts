import {
  closeSync,
  constants as fileConstants,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** A new version of a file that has its place on the disk but is not there yet. Exactly one call ends it. */
export interface Replacement {
  /**
   * Puts `text` in the place of the file, as a whole and safe from a power cut: mode 0600, whatever it was.
   *
   * @throws the file system's error; the old file then stays, unless only the folder could not be synchronised
   */
  commit(text: string): void;
  /** Leaves the file as it is. Does nothing after `commit`. */
  discard(): void;
}

export interface ReplacementOptions {
  readonly nowMs: () => number;
  /** Between 0 and 1, like Math.random. */
  readonly random: () => number;
  /** Bytes of disk space taken at once, so that a text no longer than that does not meet a full disk. */
  readonly reserveBytes?: number;
}

/** Its owner has taken the right to write from the file. The right to replace it would still be there. */
export class ReadOnlyFileError extends Error {
  readonly code = 'EACCES';
  readonly errno = -constants.errno.EACCES;
}

/**
 * Proves that `path` can be replaced, by going as far as possible without touching it. A symbolic link stays; the file
 * it leads to is the one that is replaced.
 *
 * Synchronous, as the files are small and a moment is all it takes.
 *
 * @throws ReadOnlyFileError, or the file system's error: EACCES, EROFS, ENOSPC, EISDIR, …
 */
export function prepareReplacement(path: string, options: ReplacementOptions): Replacement {
  const target = resolveLinks(path);
  const folder = dirname(target);
  requireReplaceable(target, folder);
  sweepTemporaryFiles(folder, options.nowMs());
  const temporaryPath = createTemporaryPath(folder, options.random);
  // Opened now: a folder that cannot be synchronised is to be noticed before the old version is gone.
  const folderDescriptor = openSync(folder, 'r');
  const descriptor = withCleanUp(
    () => openSync(temporaryPath, 'wx', 0o600),
    () => closeSync(folderDescriptor),
  );
  let isOpen = true;

  function discard(): void {
    if (!isOpen) return;
    isOpen = false;
    closeSync(descriptor);
    closeSync(folderDescriptor);
    rmSync(temporaryPath, { force: true });
  }

  withCleanUp(() => {
    // The mode given to `open` passes through the umask.
    fchmodSync(descriptor, 0o600);
    writeFrom(descriptor, Buffer.alloc(options.reserveBytes ?? 0));
    // Some file systems tell only now that the disk is full.
    fsyncSync(descriptor);
  }, discard);

  return {
    commit(text) {
      if (!isOpen) throw new Error('the replacement has ended');
      withCleanUp(() => {
        const bytes = Buffer.from(text, 'utf8');
        // Over the reserved bytes: cutting first would give their space back.
        writeFrom(descriptor, bytes);
        ftruncateSync(descriptor, bytes.length);
        fsyncSync(descriptor);
        renameSync(temporaryPath, target);
        fsyncSync(folderDescriptor);
      }, discard);
      discard();
    },
    discard,
  };
}

/** `prepareReplacement` and `commit` in one go. */
export function replaceFile(
  path: string,
  text: string,
  options: Omit<ReplacementOptions, 'reserveBytes'>,
): void {
  prepareReplacement(path, options).commit(text);
}

/**
 * The path without symbolic links; the file itself need not be there.
 *
 * @throws the file system's error where its folder is not there, or links go in a circle
 */
export function resolveLinks(path: string): string {
  // Also the place where a circle of links is found.
  if (statSync(path, { throwIfNoEntry: false })) return realpathSync(path);
  const folder = realpathSync(dirname(path));
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

function requireReplaceable(target: string, folder: string): void {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (!stats) return;
  if (stats.isDirectory()) throw fileError('EISDIR', 'is a directory');
  // A rename would take a device or a pipe away from the whole system.
  if (!stats.isFile()) throw fileError('EINVAL', 'is not a regular file');
  // Root may write any file, so the mode is asked and not the system.
  if ((stats.mode & 0o200) === 0) throw new ReadOnlyFileError(`${target} is read-only`);
  // A file mounted by itself, as into a container: the rename would fail.
  if (stats.dev !== statSync(folder).dev) throw fileError('EBUSY', 'is a mount point');
  // The last to find out: a file system that is read-only, a file that is immutable.
  closeSync(openSync(target, fileConstants.O_WRONLY));

  function fileError(code: 'EISDIR' | 'EINVAL' | 'EBUSY', what: string): Error {
    return Object.assign(new Error(`${code}: ${target} ${what}`), { code, errno: -constants.errno[code] });
  }
}

function writeFrom(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, done);
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

/** Our own temporary files, and nobody else's. */
const ownName = /^\.codex-account-server-[0-9a-f]{12}\.tmp$/;

/** Far above the time that one is needed: the longest wait is that for a token. */
const abandonedAfterMs = 10 * 60_000;

/** A path in `folder` for a temporary file, which is hidden there. `random` is like Math.random. */
function createTemporaryPath(folder: string, random: () => number): string {
  const digits = Math.floor(random() * 2 ** 48).toString(16);
  return join(folder, `.codex-account-server-${digits.padStart(12, '0')}.tmp`);
}

/**
 * Removes what killed processes have left in `folder`. They may hold tokens. What cannot be removed stays: that is no
 * reason to fail.
 */
function sweepTemporaryFiles(folder: string, nowMs: number): void {
  for (const name of namesIn(folder)) {
    if (ownName.test(name)) removeAbandoned(join(folder, name), nowMs);
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
    // Another process has removed it, or may not be disturbed.
  }
}
