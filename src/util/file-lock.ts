import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Log } from './log.js';

/** An absolute path, and the mode with which the file is created when it is not there. */
export interface LockFile {
  readonly path: string;
  readonly mode: number;
}

export interface FileLocks {
  /**
   * Runs `work` while this process holds exclusive flocks on all `files`, taken in their order; they are free again
   * when the promise settles. The files stay. Two calls in one process exclude each other as well.
   *
   * @param options.signal ends the wait for the locks with its reason; work that has begun goes on
   * @param options.isBestEffort unlocked work is better than none
   * @param options.isRequired no work is better than unlocked work
   * @throws NoLockError where `isRequired` and there is no lock to be had
   * @throws the file system's error when a lock file can neither be opened nor created, unless `isBestEffort`
   */
  hold<T>(
    files: readonly LockFile[],
    work: () => T | Promise<T>,
    options?: { signal?: AbortSignal; isBestEffort?: boolean; isRequired?: boolean },
  ): Promise<T>;
}

export class NoLockError extends Error {
  override readonly name = 'NoLockError';
}

export interface FileLocksOptions {
  readonly log: Log;
  /** PATH of the environment: where the locking command is looked for. */
  readonly searchPath: string | undefined;
}

/**
 * Locks that the `flock` and `lockf` of other programs see. Node has no call for them, so a child process holds them:
 * `flock` on Linux, `lockf` on macOS. Without that command `work` runs unlocked, and the first time a warning says so.
 */
export function createFileLocks({ log, searchPath }: FileLocksOptions): FileLocks {
  let hasWarned = false;

  function warn(files: readonly LockFile[], failure: string): void {
    if (hasWarned) return;
    hasWarned = true;
    log.warn(
      `cannot lock ${files.map(({ path }) => path).join(', ')}: ${failure}; going on without the lock`,
    );
  }

  return {
    async hold(files, work, { signal, isBestEffort = false, isRequired = false } = {}) {
      signal?.throwIfAborted();
      try {
        for (const file of files) createLockFile(file);
      } catch (error) {
        if (!isBestEffort) throw error;
        warn(files, `it cannot be opened (${(error as NodeJS.ErrnoException).code})`);
        return work();
      }
      const { holder, failure } = await startedHolder(files, searchPath, signal);
      if (failure !== undefined && isRequired) throw new NoLockError(failure.reason);
      if (failure !== undefined) warn(files, failure.reason);
      try {
        return await work();
      } finally {
        await release(holder);
      }
    },
  };
}

/** Opened for reading only: that is enough for a lock, also on a file or file system that cannot be written. */
function createLockFile({ path, mode }: LockFile): void {
  closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT, mode));
}

interface Holder {
  readonly child: ChildProcess;
  /** Resolves when the child has ended or could not be started. */
  readonly ended: Promise<Failure>;
}

interface Failure {
  readonly reason: string;
  /** Somebody has killed it, or a child of it. */
  readonly isKilled: boolean;
}

/** After so many that were killed something is amiss for good. */
const maxHolders = 5;

/**
 * A child that holds the locks, or the failure that says why none ever will. That somebody kills one which waits is no
 * leave to work unlocked beside the program that it waits for.
 */
async function startedHolder(
  files: readonly LockFile[],
  searchPath: string | undefined,
  signal: AbortSignal | undefined,
): Promise<{ holder: Holder; failure: Failure | undefined }> {
  for (let count = 1; ; count += 1) {
    const holder = startHolder(files, searchPath);
    const failure = await untilHeld(holder, signal);
    if (!failure?.isKilled || count === maxHolders) return { holder, failure };
    signal?.throwIfAborted();
  }
}

/**
 * Starts `flock -x A flock -x B cat`. The line that `cat` gives back tells that the locks are held, and it ends with
 * its input: when they are released, and also when this process is killed.
 */
function startHolder(files: readonly LockFile[], searchPath: string | undefined): Holder {
  const [command, flag] =
    process.platform === 'darwin' ? (['lockf', '-k'] as const) : (['flock', '-x'] as const);
  const chain = [...files.flatMap(({ path }) => [command, flag, path]), 'cat'];
  const child: ChildProcess = spawn(command, chain.slice(1), {
    stdio: ['pipe', 'pipe', 'ignore'],
    // No part of our environment, which may hold keys.
    env: searchPath === undefined ? {} : { PATH: searchPath },
    // A folder that is gone would look like a missing command.
    cwd: '/',
    // A group of its own: Ctrl-C in a terminal must not take the lock away from a save under way.
    detached: true,
  });
  const ended = new Promise<Failure>((resolve) => {
    child.on('error', (error) => resolve({ reason: startFailure(command, error), isKilled: false }));
    child.on('close', (code, signal) => {
      // Above 128: the command tells of a child that was killed.
      const isKilled = signal !== null || (code !== null && code > 128);
      resolve({ reason: `${command} ended with ${signal ?? `exit code ${code}`}`, isKilled });
    });
  });
  // Writing to a child that has ended fails with EPIPE; that it has ended is told by `ended`. With no descriptor left
  // there are no pipes at all.
  child.stdin?.on('error', () => undefined);
  child.stdin?.write('\n');
  return { child, ended };
}

function startFailure(command: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? `${command} is not installed`
    : `${command} cannot be started (${error.code})`;
}

/** Resolves with undefined when the locks are held, or with the reason why they never will be. */
async function untilHeld(
  { child, ended }: Holder,
  signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
  let giveUp: (() => void) | undefined;
  try {
    return await new Promise<Failure | undefined>((resolve, reject) => {
      if (signal) {
        giveUp = () => {
          terminate(child);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', giveUp, { once: true });
      }
      child.stdout?.once('data', () => resolve(undefined));
      void ended.then(resolve);
    });
  } finally {
    if (giveUp) signal?.removeEventListener('abort', giveUp);
  }
}

/** Ends the child and the children it may have; one that waits for a lock does not look at its input. */
function terminate({ pid, exitCode, signalCode, stdin }: ChildProcess): void {
  stdin?.destroy();
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

async function release({ child, ended }: Holder): Promise<void> {
  child.stdin?.destroy();
  await ended;
}
