import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../util/clock.js';
import { withinMs } from '../../util/waiting.js';
import { ConnectionError } from './errors.js';

export interface StartOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its variables; those of this process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whether the server is out of reach of the terminal's signals; false unless given. It ends with its input in any case. */
  readonly isDetached?: boolean | undefined;
  /** Where its stderr goes: to ours unless given, or nowhere. */
  readonly stderr?: 'inherit' | 'ignore' | undefined;
}

export interface ServerProcess {
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves once it is gone and all of its output has arrived, with the reason: why it never began, or how it ended. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly reason: ConnectionError }>;
  /** Closes its input and waits; then SIGTERM, then SIGKILL. */
  stop(patience: StopTimeouts): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export interface StopTimeouts {
  /** How long it may take to end by itself. */
  readonly graceMs: number;
  /** How long after SIGTERM. */
  readonly termMs: number;
}

/** How long the output may stay open behind the exit, when a child of the server holds it. */
const lastOutputMs = 500;

/** @throws ConnectionError where the system refuses at once; other refusals are told by `ended` */
export function startServer(options: StartOptions, clock: Clock): ServerProcess {
  const { command } = options;
  const child = spawnServer(options);
  // A server that cannot be started, or that is gone, shows in `ended`.
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  void exited.then(() => clock.after(lastOutputMs, () => child.stdout.destroy()));
  const ended: ServerProcess['ended'] = new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, reason: startFailure(command, error) }));
    child.once('close', (exitCode, signal) => {
      const how = signal ?? `exit code ${exitCode}`;
      resolve({ exitCode, reason: new ConnectionError('serverExited', `the server has ended with ${how}`) });
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
      child.kill('SIGTERM');
      if (await hasEndedWithin(termMs)) return;
      child.kill('SIGKILL');
      await ended;
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}

function spawnServer(options: StartOptions): ChildProcessByStdio<Writable, Readable, null> {
  const { command, args, environment, isDetached = false, stderr = 'inherit' } = options;
  try {
    return spawn(command, args, {
      ...(environment && { env: environment }),
      stdio: ['pipe', 'pipe', stderr],
      detached: isDetached,
    });
  } catch (error) {
    throw startFailure(command, error as NodeJS.ErrnoException);
  }
}

function startFailure(command: string, error: NodeJS.ErrnoException): ConnectionError {
  const name = JSON.stringify(command);
  const options = { cause: error };
  if (error.code === 'ENOENT') {
    return new ConnectionError('serverNotFound', `the server ${name} is not there`, options);
  }
  if (error.code === 'EACCES' || error.code === 'ENOEXEC') {
    return new ConnectionError('serverNotExecutable', `the server ${name} cannot be executed`, options);
  }
  const message = `the server ${name} cannot be started (${error.code ?? error.message})`;
  return new ConnectionError('serverNotStarted', message, options);
}
