import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../util/clock.js';
import { withinMs } from '../../util/waiting.js';
import { ConnectionError } from './errors.js';
import type { ServerProgram } from './own-server.js';
import { readServerStderr } from './server-stderr.js';
import { killProgram } from '../../util/programs/kill-program.js';
import { type StartableProgram, startableProgram } from '../../util/programs/startable-program.js';

export interface StartOptions {
  /** Returns what to start. @throws ConnectionError `serverNotFound` */
  readonly program: () => ServerProgram;
  /** All of its environment variables, except those that the program needs in addition. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the server is kept from signals of the terminal; the default is false. */
  readonly detached?: boolean | undefined;
  /** Its working directory; the default is that of this process. */
  readonly cwd?: string | undefined;
  /** `inherit` passes its stderr to that of this process. */
  readonly stderr: 'inherit' | 'ignore';
  /** Called with each warning that the server reports, unless its stderr is passed on. It must not throw. */
  readonly onWarning: (warning: string) => void;
}

export interface ServerProcess {
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves after it has exited and all of its output has arrived. The reason is a failed start or how it exited. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly reason: ConnectionError }>;
  /** Closes its input and waits for it to exit; then sends SIGTERM, and finally SIGKILL. */
  stop(timeouts: StopTimeouts): Promise<void>;
  /** Sends SIGKILL. */
  kill(): void;
  /** Returns the end of its stderr so far, without secrets; empty if its stderr is inherited. */
  stderrTail(): string;
}

/** How long to wait while a server is stopped. */
export interface StopTimeouts {
  /** How long after its input was closed, before SIGTERM. */
  readonly graceMs: number;
  /** How long after SIGTERM, before SIGKILL. */
  readonly termMs: number;
}

/** How long the output may stay open after the exit. A child of the server may hold it open. */
const lastOutputMs = 500;

/** Starts a server. @throws ConnectionError if the system refuses at once; `ended` reports other refusals */
export function startServer(options: StartOptions, clock: Clock): ServerProcess {
  const program = options.program();
  const env = { ...options.env, ...program.env };
  const startable = startableProgram(program.command, program.args, env);
  const child = spawnServer(program, startable, { ...options, env });
  const kill = (): void => killProgram(child, startable, { spawn, env });
  // `ended` reports a server that could not be started or has exited.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stderr = child.stderr && readServerStderr(child.stderr, options.onWarning);
  const stderrTail = (): string => stderr?.tail() ?? '';
  const closeOutput = (): void => {
    child.stdout.destroy();
    child.stderr?.destroy();
  };
  void exited.then(() => clock.after(lastOutputMs, closeOutput));
  const ended: ServerProcess['ended'] = new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ exitCode: null, reason: startFailure(program, options, error) }),
    );
    child.once('close', (exitCode, signal) => {
      const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
      void Promise.resolve(stderr?.lastError).then((error) => {
        const message = `the server ${how}${exitCode && error ? `: ${error}` : ''}`;
        const reason = new ConnectionError('serverExited', message, { stderrTail: stderrTail() });
        resolve({ exitCode, reason });
      });
    });
  });

  async function hasEndedWithin(limitMs: number): Promise<boolean> {
    return (
      (await withinMs(
        clock,
        limitMs,
        ended.then(() => true),
      )) ?? false
    );
  }

  return {
    input: child.stdin,
    output: child.stdout,
    ended,
    async stop({ graceMs, termMs }) {
      child.stdin.end();
      if (await hasEndedWithin(graceMs)) return;
      // A batch file has no signals, and without its interpreter the program in it cannot be found.
      if (!startable.windowsVerbatimArguments) {
        child.kill('SIGTERM');
        if (await hasEndedWithin(termMs)) return;
      }
      kill();
      await ended;
    },
    kill,
    stderrTail,
  };
}

function spawnServer(
  program: ServerProgram,
  { command, args, isBatchFile = false, ...verbatim }: StartableProgram,
  options: StartOptions,
): ChildProcessByStdio<Writable, Readable, Readable | null> {
  const { cwd, detached = false, env, stderr } = options;
  const isWindows = process.platform === 'win32';
  try {
    return spawn(command, args, {
      ...verbatim,
      env,
      cwd,
      stdio: ['pipe', 'pipe', stderr === 'inherit' ? 'inherit' : 'pipe'],
      // On Windows a child dies with its parent otherwise, even in the middle of a redemption. A program that is started
      // by a detached one without a console opens a window.
      detached: detached || (isWindows && !isBatchFile),
      windowsHide: true,
    }) as ReturnType<typeof spawnServer>;
  } catch (error) {
    throw startFailure(program, options, error as NodeJS.ErrnoException);
  }
}

function startFailure(
  { command }: ServerProgram,
  { cwd }: StartOptions,
  cause: NodeJS.ErrnoException,
): ConnectionError {
  const name = JSON.stringify(command);
  // The system reports a missing working directory as a missing program.
  if (cause.code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)) {
    const message = `the server ${name} cannot be started: there is no folder ${JSON.stringify(cwd)}`;
    return new ConnectionError('serverNotStarted', message, { cause });
  }
  if (cause.code === 'ENOENT') {
    return new ConnectionError('serverNotFound', `the server ${name} was not found`, { cause });
  }
  if (cause.code === 'EACCES' || cause.code === 'ENOEXEC') {
    return new ConnectionError('serverNotExecutable', `the server ${name} cannot be executed`, { cause });
  }
  const message = `the server ${name} cannot be started (${cause.code ?? cause.message})`;
  return new ConnectionError('serverNotStarted', message, { cause });
}
