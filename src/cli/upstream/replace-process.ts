import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { osErrorText } from '../../util/files/os-error.js';
import { isExecutable } from '../../util/files/executable.js';
import { startableProgram } from '../../util/programs/startable-program.js';
import { endBySignal } from '../terminal/process/signals.js';
import { startOf } from './own-file.js';

/** The method of node from 22.15 on. It does not return; if it fails, older versions of node abort. */
type Execve = (path: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;

/**
 * Replaces this process by another program, with the same streams, terminal and process id. A node that cannot do that
 * starts a child process, and ends as the child does.
 *
 * @returns the exit code of the child, or a sentence if it cannot be started
 */
export async function replaceProcess(
  { path, environment }: { readonly path: string; readonly environment: NodeJS.ProcessEnv },
  args: readonly string[],
): Promise<number | string> {
  const { execve } = process as { execve?: Execve };
  if (execve && process.platform !== 'win32' && canStart(path)) {
    // node ignores these signals, and the other program would inherit that. With a listener it gets the default.
    for (const signal of ['SIGPIPE', 'SIGXFSZ'] as const) process.on(signal, () => undefined);
    execve.call(process, path, [path, ...args], environment);
  }
  return runChild(path, args, environment);
}

/** Returns whether the system can start the file: with another one it fails, or needs a shell. */
function canStart(path: string): boolean {
  const start = startOf(path);
  const interpreter = /^#! *([^ \r\n]+)[ \n]/.exec(start)?.[1];
  if (interpreter !== undefined) return isExecutable(interpreter);
  return /^(\u007fELF|[\xcf\xce]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(start);
}

async function runChild(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number | string> {
  const { spawn } = await import('node:child_process');
  // Before the start: the child may be signalled through this process at once.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const ignore = (): void => undefined;
  const isWindows = process.platform === 'win32';
  // The listener of `main.ts` would end this process alone.
  process.removeAllListeners('SIGUSR1');
  // A console of Windows sends each signal to the child as well, and `kill` would end the child at once.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGBREAK'] as const)
    process.on(signal, isWindows ? ignore : forward);
  // A terminal sends these to the child as well; a second Ctrl-C would mean something else to it.
  const isTyped = isWindows || hasTerminal();
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, isTyped ? ignore : forward);
  const { command, args: words, ...verbatim } = startableProgram(path, args, env);
  const child = spawn(command, words, { ...verbatim, env, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(`cannot start the upstream ${JSON.stringify(path)}: ${osErrorText(code)}`),
    );
    child.on('exit', (code, signal) => {
      if (signal) {
        process.removeAllListeners(signal);
        endBySignal(signal);
      }
      // node ignores some signals, so it may still be here.
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}

/** Returns whether keys such as Ctrl-C can send signals to this process. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
