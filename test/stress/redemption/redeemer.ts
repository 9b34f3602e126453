import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A process that redeems, and the server that it has started. */
export interface Redeemer {
  /**
   * Has the process carry out an action, and resolves with its report; with 'killed' if the process was killed before.
   *
   * @param stops the uses of the clock, from 1, at which the process is stopped and `onStop` is called. It goes on when
   *   `onStop` resolves
   */
  order(action: Action, given?: object, stops?: readonly number[]): Promise<Report>;
  onStop: (use: number) => Promise<void>;
  kill(): void;
  killServer(): void;
  /** Kills or stops what holds or awaits its lock: a child process, or itself if there is none. */
  killLockHolder(): void;
  stopLockHolder(): void;
  /** Lets go on what was stopped. */
  continue(): void;
  readonly isDead: () => boolean;
  /** Ends it, and its server. */
  end(): Promise<void>;
}

export type Action = 'open' | 'read' | 'redeem' | 'resume' | 'abandon' | 'skip' | 'list';

export interface Report {
  /** Undefined after an error. */
  readonly result?: unknown;
  /** The kind of the error, or its name and message if it has none; 'killed' if the process was killed. */
  readonly error?: string | undefined;
  /** How often the action has used the clock. */
  readonly uses: number;
}

interface ChildProcesses {
  readonly servers: readonly number[];
  /** The leaders of the process groups that hold locks. */
  readonly lockHolders: readonly number[];
}

type Line = { readonly stop: number } | (Omit<Report, 'error'> & { readonly error?: LibraryError });

interface LibraryError {
  readonly name: string;
  readonly kind: string | null;
  readonly message: string;
}

const isWindows = process.platform === 'win32';
const script = fileURLToPath(new URL('redeeming.mjs', import.meta.url));
const preload = fileURLToPath(new URL('moved-clock.cjs', import.meta.url));
const library = pathToFileURL('dist/client.mjs').href;

/** Returns the variables that move the clock of a process by the milliseconds in the file. */
export function movedClock(clockPath: string): Record<string, string> {
  return { MOVED_CLOCK: clockPath, NODE_OPTIONS: `--require=${preload}` };
}

export function startRedeemer(clockPath: string): Redeemer {
  const child = spawn(process.execPath, [script, library], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    env: { PATH: process.env.PATH, ...movedClock(clockPath) },
  });
  const exited = once(child, 'exit');
  const [orders, reports, , goOn] = child.stdio as unknown as [Writable, Readable, null, Writable];
  // A killed process is reported by the end of its output.
  orders.on('error', () => undefined);
  goOn.on('error', () => undefined);
  const lines = createInterface({ input: reports })[Symbol.asyncIterator]();
  let isKilled = false;
  const isDead = (): boolean => child.exitCode !== null || child.signalCode !== null || isKilled;

  const redeemer: Redeemer = {
    onStop: () => Promise.resolve(),
    isDead,
    async order(action, given = {}, stops = []) {
      orders.write(`${JSON.stringify({ action, given, stops })}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return { error: 'killed', uses: 0 };
        const line = JSON.parse(value) as Line;
        if (!('stop' in line)) return { ...line, error: line.error && textOf(line.error) };
        await redeemer.onStop(line.stop);
        goOn.write('\n');
      }
    },
    kill() {
      isKilled = true;
      child.kill('SIGKILL');
    },
    killServer() {
      for (const pid of children().servers) signal(pid, 'SIGKILL');
    },
    killLockHolder() {
      if (!signalLockCommand('SIGKILL')) redeemer.kill();
    },
    stopLockHolder() {
      // Windows cannot stop a process.
      if (!isWindows && !signalLockCommand('SIGSTOP')) child.kill('SIGSTOP');
    },
    continue() {
      if (isWindows) return;
      signalLockCommand('SIGCONT');
      child.kill('SIGCONT');
    },
    async end() {
      orders.end();
      goOn.end();
      await exited;
    },
  };
  return redeemer;

  function children(): ChildProcesses {
    if (!isWindows) return childrenOf(child.pid);
    const pid = readIfThere(`${clockPath}.${child.pid}`);
    return { servers: pid === '' ? [] : [Number(pid)], lockHolders: [] };
  }

  /** Returns false if there is no child that holds or awaits the lock. */
  function signalLockCommand(name: NodeJS.Signals): boolean {
    const { lockHolders } = children();
    // The group: `flock` may have a child.
    for (const pid of lockHolders) signal(-pid, name);
    return lockHolders.length > 0;
  }
}

function textOf({ name, kind, message }: LibraryError): string {
  return kind ?? `${name}: ${message}`;
}

function childrenOf(pid: number | undefined): ChildProcesses {
  const pids = readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  const isLockHolder = (each: number): boolean => readIfThere(`/proc/${each}/cmdline`).startsWith('flock\0');
  return {
    servers: pids.filter((each) => !isLockHolder(each)),
    lockHolders: pids.filter(isLockHolder),
  };
}

/** Sends a signal to a process, or with a negative id to a group, if it is still there. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended.
    return '';
  }
}
