import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { runFlock } from './flock-command.js';
import { retryOnWindows } from '../in-use.js';
import { type LockFailure, untilLocked } from './lock-poll.js';
import { loadWindowsLocks } from './windows-locks.js';

export interface LockRequest {
  readonly path: string;
  /** The variable PATH, to find `flock` on Linux. It is all that the command gets of the environment. */
  readonly searchPath: string | undefined;
  /** The folder in which the library for Windows is searched in addition to that of this module. */
  readonly serverFolder?: string | undefined;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens a lock file, and waits until this process has an exclusive lock on it: that of `flock` on Linux and macOS, that of
 * LockFileEx on Windows. Creates a missing file with mode 0600. Returns the descriptor; closing it releases the lock.
 *
 * @throws the file system's error if the file cannot be opened or created; the signal's reason
 */
export async function openLocked(request: LockRequest): Promise<number | LockFailure> {
  const { path, signal } = request;
  if (process.platform === 'darwin')
    return untilLocked(() => openLockFile(path, openFlags | lockingFlag), signal);
  const descriptor = openLockFile(path);
  try {
    const failure =
      process.platform === 'win32'
        ? await lockOnWindows(descriptor, request)
        : await runFlock(descriptor, request);
    if (!failure) return descriptor;
    closeSync(descriptor);
    return failure;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Opens the file for reading only, so that a read-only file can be locked, too. A pipe does not block the call. */
const openFlags = constants.O_RDONLY | constants.O_CREAT | constants.O_NONBLOCK;

/** Not in `constants` of node: it opens the file and locks it as flock(2) does. Of macOS; Linux has no such flag. */
const lockingFlag = 0x20;

/**
 * @param flags never those with which node opens a file on Windows without sharing it: other programs, as Codex, would
 * then fail in place of waiting
 */
function openLockFile(path: string, flags = openFlags): number {
  const descriptor = retryOnWindows(() => openSync(path, flags, 0o600));
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw Object.assign(new Error(`EINVAL: ${path} is not a regular file`), { code: 'EINVAL' });
}

/**
 * The codes that libuv has for the errors of LockFileEx. EISDIR is ERROR_INVALID_FUNCTION. For an `open` they have another
 * meaning.
 */
const windowsUnsupportedCodes = ['EINVAL', 'EISDIR'];

async function lockOnWindows(
  descriptor: number,
  { serverFolder, signal }: LockRequest,
): Promise<LockFailure | undefined> {
  const locks = loadWindowsLocks(serverFolder);
  if ('reason' in locks) return locks;
  return untilLocked(() => locks.tryLock(descriptor, 0, 0, true), signal, windowsUnsupportedCodes);
}
