import { type ChildProcess, spawn } from 'node:child_process';
import { createDeferred } from '../../deferred.js';
import type { LockFailure } from './lock-poll.js';

/** The exit codes of `flock` (util-linux) for a file system without locks, such as that of some network drives. */
const unsupportedCodes: ReadonlySet<number> = new Set([65, 71]);

/**
 * Waits for an exclusive flock on an open file, for which node has no API on Linux. The command `flock` locks the given
 * descriptor and exits. The lock belongs to the open file, so this process then holds it until it closes the descriptor.
 * Returns undefined if it is locked.
 *
 * @param options.searchPath the variable PATH, to find the command. It is all that the command gets of the environment.
 * @param options.signal ends the wait with its reason, which is thrown
 */
export async function runFlock(
  descriptor: number,
  { searchPath, signal }: { searchPath: string | undefined; signal: AbortSignal | undefined },
): Promise<LockFailure | undefined> {
  const child = spawn('flock', ['-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
    // The rest of the environment can hold keys.
    env: searchPath === undefined ? {} : { PATH: searchPath },
    // A deleted working directory would look like a missing command.
    cwd: '/',
    // An own process group, so that Ctrl-C in a terminal does not end the wait.
    detached: true,
  });
  const outcome = createDeferred<LockFailure | undefined>();
  child.on('error', (error) => outcome.resolve({ reason: startFailure(error), isTransient: false }));
  child.on('close', (code, killer) => {
    const ended = `flock ended with ${killer ?? `exit code ${code}`}`;
    const reason =
      code !== null && unsupportedCodes.has(code) ? `the file system cannot lock files (${ended})` : ended;
    outcome.resolve(code === 0 ? undefined : { reason, isTransient: killer !== null || (code ?? 0) > 128 });
  });
  const abort = (): void => {
    kill(child);
    outcome.reject(signal?.reason as Error);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await outcome.promise;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function startFailure(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'flock is not installed' : `flock cannot be started (${error.code})`;
}

/** Kills the child and its own children. */
function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    // A stopped process reacts to no other signal.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has exited in the meantime.
  }
}
