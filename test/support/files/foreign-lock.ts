import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startCommand, startScript } from '../processes/script-process.js';
import { windowsHolder, windowsIsFree } from './windows-lock.js';

const isWindows = process.platform === 'win32';

/** A lock that another program holds: by flock(1), on Windows by LockFileEx. */
export interface ForeignLock {
  /** Resolves when this many others wait for it. */
  untilWaitedFor(waiters?: number): Promise<void>;
  /** Stops the program, as SIGSTOP does. It keeps the lock, and reacts to nothing until `release`. */
  stop(): void;
  /** Lets the program go on and end. Further calls do nothing. */
  release(): Promise<void>;
  readonly pid: number | undefined;
}

export async function holdForeignLock(path: string): Promise<ForeignLock> {
  const { child, nextLine } = isWindows
    ? startScript(windowsHolder, [path])
    : startCommand('flock', ['-Fx', path, 'sh', '-c', 'echo held; exec cat']);
  const closed = once(child, 'close');
  await nextLine();
  return {
    untilWaitedFor: (waiters = 1) => untilWaitedFor(path, waiters),
    stop() {
      // Windows cannot stop a program, but the holder does nothing until its input ends.
      if (!isWindows) child.kill('SIGSTOP');
    },
    async release() {
      if (!isWindows) child.kill('SIGCONT');
      child.stdin.end();
      await closed;
    },
    pid: child.pid,
  };
}

/** Returns whether another program can have the lock at once. */
export function isFree(path: string): boolean {
  if (isWindows) return windowsIsFree(path);
  return spawnSync('flock', ['--nonblock', path, 'true']).status === 0;
}

/** Returns whether another program gets the lock within ten seconds. */
export async function becomesFree(path: string): Promise<boolean> {
  if (!isWindows) return spawnSync('flock', ['--timeout', '10', path, 'true']).status === 0;
  const lock = await holdForeignLock(path);
  await lock.release();
  return true;
}

/** Resolves when this many programs wait for a held lock. */
export async function untilWaitedFor(path: string, waiters: number): Promise<void> {
  // Windows lists no waiters: they try again every 25 ms, and have done so by then.
  if (isWindows) await delay(200);
  else while (waitersFor(path) < waiters) await new Promise((resolve) => setImmediate(resolve));
}

/** Linux lists the waiting processes below a lock, with an arrow. */
function waitersFor(path: string): number {
  const inode = `:${statSync(path).ino} `;
  const lines = readFileSync('/proc/locks', 'utf8').split('\n');
  return lines.filter((line) => line.includes('-> FLOCK') && line.includes(inode)).length;
}
