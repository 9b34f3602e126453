import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { startableProgram } from '../../util/programs/startable-program.js';

/** The parts of the process that a command of `dev-backend` needs. */
export interface CommandParts {
  readonly environment: NodeJS.ProcessEnv;
  /** Resolves with the signal that asks this process to stop. It is passed on. */
  readonly untilStopped: Promise<NodeJS.Signals>;
  /** Whether a terminal sends Ctrl-C to the command too. */
  readonly isOnTerminal: boolean;
}

export type CommandEnd =
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'notStarted'; readonly exitCode: 126 | 127; readonly code: string };

/** Runs a program with the streams of this process, without a shell. Resolves when it has ended. */
export function runDevCommand(
  [file, ...args]: readonly [string, ...string[]],
  { environment, untilStopped, isOnTerminal }: CommandParts,
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const { command, args: words, ...verbatim } = startableProgram(file, args, environment);
    const child = spawn(command, words, { ...verbatim, env: environment, stdio: 'inherit' });
    child.once('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
      resolve({ kind: 'notStarted', exitCode: code === 'ENOENT' ? 127 : 126, code });
    });
    child.once('exit', (exitCode, signal) => {
      resolve({ kind: 'ended', exitCode: exitCode ?? 128 + constants.signals[signal ?? 'SIGKILL'] });
    });
    void untilStopped.then((signal) => {
      // A second Ctrl-C would end many programs at once. A console of Windows sends each signal to the command as well.
      const wasSent = process.platform === 'win32' || (isOnTerminal && signal === 'SIGINT');
      if (!wasSent) child.kill(signal);
    });
  });
}
