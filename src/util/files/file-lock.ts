import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Log } from '../log.js';

/** The absolute path of a lock file, and the mode to create it with if it does not exist. */
export interface LockFile {
  readonly path: string;
  readonly mode: number;
}

export interface FileLocks {
  /**
   * Runs `work` while exclusive flocks on all `files` are held. Acquires them in order and releases them before the
   * promise settles. The files stay. Two calls in one process exclude each other, too.
   *
   * @param options.signal aborts the wait for the locks with its reason, but not `work` once it has started
   * @param options.isBestEffort runs `work` without locks if a lock file cannot be opened or created
   * @param options.isRequired fails instead of running `work` without locks
   * @throws NoLockError if `isRequired` and the locks cannot be acquired
   * @throws the file system's error if a lock file cannot be opened or created, unless `isBestEffort`
   */
  hold<T>(
    files: readonly LockFile[],
    work: () => T | Promise<T>,
    options?: { signal?: AbortSignal; isBestEffort?: boolean; isRequired?: boolean },
  ): Promise<T>;
}

/** An error for required locks that cannot be acquired. The message is the reason. */
export class NoLockError extends Error {
  override readonly name = 'NoLockError';
}

export interface FileLocksOptions {
  readonly log: Log;
  /** The variable PATH, to find the lock command. It is all that the command gets of the environment. */
  readonly searchPath: string | undefined;
}

/**
 * Creates file locks that are compatible with `flock` in other programs. Node has no API for them, so a child process
 * holds them: `flock` on Linux, `lockf` on macOS. Without that command, `work` runs without locks unless they are
 * required, and a warning is logged once.
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
      const { lockProcess, failure } = await acquireLocks(files, searchPath, signal);
      if (failure !== undefined && isRequired) throw new NoLockError(failure.reason);
      if (failure !== undefined) warn(files, failure.reason);
      try {
        return await work();
      } finally {
        await release(lockProcess);
      }
    },
  };
}

/** Creates the file if needed. Opens it for reading only, so that a read-only file can be locked, too. */
function createLockFile({ path, mode }: LockFile): void {
  closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT, mode));
}

/** A child process that holds the locks until its input ends. */
interface LockProcess {
  readonly child: ChildProcess;
  /** Resolves when the child has exited or could not be started. */
  readonly ended: Promise<LockFailure>;
}

interface LockFailure {
  readonly reason: string;
  /** Whether a signal has killed the child or one of its own children. */
  readonly isKilled: boolean;
}

/** The number of killed children after which `acquireLocks` gives up. */
const maxAttempts = 5;

/**
 * Starts a child that holds the locks, or returns the reason why that is impossible.
 *
 * It starts another child if one is killed while it waits: another program then still holds the lock, so `work` must
 * not run yet.
 */
async function acquireLocks(
  files: readonly LockFile[],
  searchPath: string | undefined,
  signal: AbortSignal | undefined,
): Promise<{ lockProcess: LockProcess; failure: LockFailure | undefined }> {
  for (let attempt = 1; ; attempt += 1) {
    const lockProcess = startLockProcess(files, searchPath);
    const failure = await untilLocked(lockProcess, signal);
    if (!failure?.isKilled || attempt === maxAttempts) return { lockProcess, failure };
    signal?.throwIfAborted();
  }
}

/**
 * Starts `flock -x A flock -x B cat`. `cat` runs once all locks are held, and reports it by returning the line that is
 * written to it. It exits when its input ends: on release, or when this process is killed.
 */
function startLockProcess(files: readonly LockFile[], searchPath: string | undefined): LockProcess {
  const [command, flag] =
    process.platform === 'darwin' ? (['lockf', '-k'] as const) : (['flock', '-x'] as const);
  const chain = [...files.flatMap(({ path }) => [command, flag, path]), 'cat'];
  const child: ChildProcess = spawn(command, chain.slice(1), {
    stdio: ['pipe', 'pipe', 'ignore'],
    // The rest of the environment can hold keys.
    env: searchPath === undefined ? {} : { PATH: searchPath },
    // A deleted working directory would look like a missing command.
    cwd: '/',
    // An own process group, so that Ctrl-C in a terminal does not release the lock during a save.
    detached: true,
  });
  const ended = new Promise<LockFailure>((resolve) => {
    child.on('error', (error) => resolve({ reason: startFailure(command, error), isKilled: false }));
    child.on('close', (code, signal) => {
      // The command exits with a code above 128 if its own child was killed.
      const isKilled = signal !== null || (code !== null && code > 128);
      resolve({ reason: `${command} ended with ${signal ?? `exit code ${code}`}`, isKilled });
    });
  });
  // A write to an exited child fails with EPIPE, but `ended` reports the exit. The pipes are missing if the process has
  // no file descriptors left.
  child.stdin?.on('error', () => undefined);
  child.stdin?.write('\n');
  return { child, ended };
}

function startFailure(command: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? `${command} is not installed`
    : `${command} cannot be started (${error.code})`;
}

/** Resolves with undefined when the locks are held, or with the failure if the child exits before. */
async function untilLocked(
  { child, ended }: LockProcess,
  signal: AbortSignal | undefined,
): Promise<LockFailure | undefined> {
  let abort: (() => void) | undefined;
  try {
    return await new Promise<LockFailure | undefined>((resolve, reject) => {
      if (signal) {
        abort = () => {
          terminate(child);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', abort, { once: true });
      }
      child.stdout?.once('data', () => resolve(undefined));
      void ended.then(resolve);
    });
  } finally {
    if (abort) signal?.removeEventListener('abort', abort);
  }
}

/** Terminates the child and its own children. A child that waits for a lock does not react to the end of its input. */
function terminate({ pid, exitCode, signalCode, stdin }: ChildProcess): void {
  stdin?.destroy();
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has exited in the meantime.
  }
}

async function release({ child, ended }: LockProcess): Promise<void> {
  child.stdin?.destroy();
  await ended;
}
