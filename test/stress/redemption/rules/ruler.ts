import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process that redeems by a rule. It is started again when it has ended, as a service is. */
export interface Ruler {
  kill(): void;
  killServer(): void;
  /** Stops it, and resolves once it has ended: with false if it hung. */
  stop(): Promise<boolean>;
  /** Resolves with the exit code of the next process that ends. */
  nextEnd(): Promise<number | null>;
  /** How each process ended: its exit code, or the signal. */
  readonly ends: string[];
  /** The output of the processes. */
  readonly output: { stdout: string; stderr: string };
}

const script = fileURLToPath(new URL('ruling.mjs', import.meta.url));
const modules = fileURLToPath(new URL('../../../../.build', import.meta.url));

const mostStarts = 20;
const stopLimitMs = 20_000;

export function startRuler(args: readonly string[], environment: NodeJS.ProcessEnv): Ruler {
  const ends: string[] = [];
  const output = { stdout: '', stderr: '' };
  const waiting: ((code: number | null) => void)[] = [];
  const left = new Set<number>();
  let isStopping = false;
  let current = start();

  function start(): ChildProcess {
    const child = spawn(process.execPath, [script, modules, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
    });
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    child.once('exit', (code, signal) => {
      ends.push(signal ?? `${code}`);
      for (const tell of waiting.splice(0)) tell(code);
      if (!isStopping && ends.length < mostStarts) current = start();
    });
    return child;
  }

  /** A server finishes what was sent although its client has gone. */
  function leaveChildren(): void {
    for (const pid of childrenOf(current.pid)) left.add(pid);
  }

  return {
    ends,
    output,
    kill() {
      leaveChildren();
      current.kill('SIGKILL');
    },
    killServer() {
      for (const pid of childrenOf(current.pid)) killIfThere(pid);
    },
    nextEnd: () => new Promise((resolve) => waiting.push(resolve)),
    async stop() {
      isStopping = true;
      await untilGone(left);
      if (current.exitCode !== null || current.signalCode !== null) return true;
      leaveChildren();
      let hasEnded = true;
      const ended = once(current, 'exit');
      current.kill('SIGTERM');
      const limit = setTimeout(() => {
        hasEnded = false;
        current.kill('SIGKILL');
      }, stopLimitMs);
      await ended;
      clearTimeout(limit);
      await untilGone(left);
      return hasEnded;
    },
  };
}

/** Revokes all rules. Returns the exit code. */
export function revokeAll(environment: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn(process.execPath, ['dist/main.cjs', 'redeem', '--revoke'], {
    stdio: 'ignore',
    env: environment,
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Waits until the processes have ended. */
async function untilGone(pids: Set<number>): Promise<void> {
  for (const pid of pids) {
    while (existsSync(`/proc/${pid}/exe`)) await pause(10);
    pids.delete(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
