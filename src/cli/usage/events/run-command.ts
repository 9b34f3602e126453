import { spawn } from 'node:child_process';
import type { UsageEvent } from '../../../protocol/schema/reports/usage-event.js';
import { withoutLogins } from '../../environment.js';
import type { Clock } from '../../../util/clock.js';
import { createDeferred } from '../../../util/deferred.js';
import { safeJson } from '../../../util/text/safe-text.js';
import { startableProgram } from '../../../util/programs/startable-program.js';

export interface RunOptions {
  readonly command: readonly [file: string, ...args: string[]];
  /** The environment of the command, without the variables of the event. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

const timeLimitMs = 60_000;
const killAfterMs = 2_000;

/**
 * Runs a command for an event, without a shell. The event is JSON on stdin, and its members are in variables such as
 * `CODEX_ACCOUNT_EVENT_KIND`. The output of the command is on stderr. After 60 s the command and the processes that it
 * has started are ended.
 *
 * @returns why the run has failed; undefined if the command has exited with 0
 */
export async function runEventCommand(event: UsageEvent, options: RunOptions): Promise<string | undefined> {
  const { command, environment, clock, signal } = options;
  const [name, ...words] = command;
  const env = { ...withoutLogins(environment), ...variablesOf(event) };
  const { command: file, args, ...verbatim } = startableProgram(name, words, env);
  const child = spawn(file, args, {
    ...verbatim,
    env,
    stdio: ['pipe', 2, 2],
    // A group of its own, which can be ended as a whole.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const ended = createDeferred<string | undefined>();
  child.on('error', (error: NodeJS.ErrnoException) =>
    ended.resolve(`it cannot be run (${error.code ?? 'error'})`),
  );
  child.on('exit', (code, name) => ended.resolve(code === 0 ? undefined : reasonOf(code, name)));
  // A command need not read its input.
  child.stdin?.on('error', () => undefined).end(`${safeJson(event, 0)}\n`);
  let cancelKill = (): void => undefined;
  const end = (): void => {
    endGroup(child.pid, 'SIGTERM');
    cancelKill = clock.after(killAfterMs, () => endGroup(child.pid, 'SIGKILL'));
  };
  const late = new AbortController();
  const cancelLimit = clock.after(timeLimitMs, () => late.abort());
  const stopped = AbortSignal.any([late.signal, signal]);
  if (stopped.aborted) end();
  stopped.addEventListener('abort', end, { once: true });
  try {
    const problem = await ended.promise;
    return late.signal.aborted ? `it took more than ${timeLimitMs / 1000} s` : problem;
  } finally {
    cancelLimit();
    cancelKill();
    stopped.removeEventListener('abort', end);
    // Processes that the command has left behind must not outlive a run that was stopped.
    if (stopped.aborted) endGroup(child.pid, 'SIGKILL');
  }
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  return code === null ? `it was ended by ${signal ?? 'a signal'}` : `it exited with ${code}`;
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

/** Names the members of an event in capitals: `CODEX_ACCOUNT_EVENT_LEFT_PERCENT`. A null is an empty text. */
function variablesOf(event: UsageEvent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      `CODEX_ACCOUNT_EVENT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      // A NUL cannot be in a variable.
      `${value ?? ''}`.replaceAll('\0', ''),
    ]),
  );
}
