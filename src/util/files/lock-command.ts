import { type ChildProcess, spawn } from 'node:child_process';
import { createDeferred } from '../deferred.js';

/** The open lock file, and how the wait for the lock is started and ended. */
export interface LockCommandOptions {
  readonly path: string;
  readonly descriptor: number;
  /** The variable PATH, to find the command. It is all that the command gets of the environment. */
  readonly searchPath: string | undefined;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** The child process that got a lock. */
export interface LockHolder {
  /** Returns false if the lock is lost because the child that had to hold it has exited. */
  isHolding(): boolean;
  /** Ends the child. Resolves when it has exited. */
  end(): Promise<void>;
}

/** Why a lock was not acquired. */
export interface LockFailure {
  readonly reason: string;
  /** Whether another attempt may succeed: a signal has killed the child. */
  readonly isTransient: boolean;
}

/**
 * Waits for an exclusive flock, for which Node has no API.
 *
 * On Linux, `flock` locks the given descriptor and exits. The lock belongs to the open file, so this process then holds
 * it until it closes the descriptor. On macOS, `lockf` locks the path, and holds the lock until its input ends.
 *
 * @throws the signal's reason
 */
export async function runLockCommand(options: LockCommandOptions): Promise<LockHolder | LockFailure> {
  const { signal } = options;
  const isHolder = process.platform === 'darwin';
  const command = isHolder ? 'lockf' : 'flock';
  const child = startCommand(command, options);
  const exited = createDeferred<undefined>();
  const outcome = createDeferred<LockFailure | undefined>();
  child.on('error', (error) => {
    outcome.resolve({ reason: startFailure(command, error), isTransient: false });
    exited.resolve(undefined);
  });
  child.on('close', (code, killer) => {
    const isLocked = !isHolder && code === 0;
    const reason = `${command} ended with ${killer ?? `exit code ${code}`}`;
    // The command exits with a code above 128 if its own child was killed.
    outcome.resolve(isLocked ? undefined : { reason, isTransient: killer !== null || (code ?? 0) > 128 });
    exited.resolve(undefined);
  });
  // `cat` runs once the lock is held, and returns the line that is written to it.
  child.stdout?.once('data', () => outcome.resolve(undefined));
  const abort = (): void => {
    kill(child);
    outcome.reject(signal?.reason as Error);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const failure = await outcome.promise;
    if (failure) return failure;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return {
    isHolding: () => !isHolder || (child.exitCode === null && child.signalCode === null),
    async end() {
      child.stdin?.destroy();
      await exited.promise;
    },
  };
}

function startCommand(
  command: 'flock' | 'lockf',
  { path, descriptor, searchPath }: LockCommandOptions,
): ChildProcess {
  const child: ChildProcess = spawn(command, command === 'flock' ? ['-x', '3'] : ['-k', path, 'cat'], {
    stdio: command === 'flock' ? ['ignore', 'ignore', 'ignore', descriptor] : ['pipe', 'pipe', 'ignore'],
    // The rest of the environment can hold keys.
    env: searchPath === undefined ? {} : { PATH: searchPath },
    // A deleted working directory would look like a missing command.
    cwd: '/',
    // An own process group, so that Ctrl-C in a terminal does not end the wait or release the lock.
    detached: true,
  });
  // A write to an exited child fails with EPIPE, but `close` reports the exit.
  child.stdin?.on('error', () => undefined);
  child.stdin?.write('\n');
  return child;
}

function startFailure(command: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? `${command} is not installed`
    : `${command} cannot be started (${error.code})`;
}

/** Kills the child and its own children. A child that waits for a lock does not react to the end of its input. */
function kill({ pid, exitCode, signalCode, stdin }: ChildProcess): void {
  stdin?.destroy();
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    // A stopped process reacts to no other signal.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has exited in the meantime.
  }
}
