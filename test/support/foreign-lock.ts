import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { startCommand } from './script-process.js';

/** A lock that another program holds by flock(1). */
export interface ForeignLock {
  /** Resolves when this many others wait for it. */
  untilWaitedFor(waiters?: number): Promise<void>;
  /** Stops the program, as SIGSTOP does. It keeps the lock, and reacts to nothing until `release`. */
  stop(): void;
  /** Lets the program go on and end. Further calls do nothing. */
  release(): Promise<void>;
}

export async function holdForeignLock(path: string): Promise<ForeignLock> {
  const { child, nextLine } = startCommand('flock', ['-Fx', path, 'sh', '-c', 'echo held; exec cat']);
  const closed = once(child, 'close');
  await nextLine();
  return {
    untilWaitedFor: (waiters = 1) => untilWaitedFor(path, waiters),
    stop: () => child.kill('SIGSTOP'),
    async release() {
      child.kill('SIGCONT');
      child.stdin.end();
      await closed;
    },
  };
}

/** Resolves when this many programs wait for a held lock. */
export async function untilWaitedFor(path: string, waiters: number): Promise<void> {
  while (waitersFor(path) < waiters) await new Promise((resolve) => setImmediate(resolve));
}

/** Linux lists the waiting processes below a lock, with an arrow. */
function waitersFor(path: string): number {
  const inode = `:${statSync(path).ino} `;
  const lines = readFileSync('/proc/locks', 'utf8').split('\n');
  return lines.filter((line) => line.includes('-> FLOCK') && line.includes(inode)).length;
}
