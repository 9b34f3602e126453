import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach } from 'vitest';

/** A process that runs a few lines of JavaScript. */
export interface ScriptProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line on its stdout; rejects when it ends without one. */
  nextLine(): Promise<string>;
  /** Kills it as `kill -9` does, and waits for its end. */
  kill(): Promise<void>;
}

const started = new Set<ChildProcessWithoutNullStreams>();

afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

/**
 * Starts node with `script`, an ES module, and `args` in process.argv from 1 on. Scripts import our own modules from
 * `builtModule(…)`. A process that still runs at the end of the test is killed.
 */
export function startScript(script: string, args: readonly string[] = [], detached = false): ScriptProcess {
  return startCommand(process.execPath, ['--input-type=module', '-e', script, '--', ...args], detached);
}

/** Starts any command like `startScript`. */
export function startCommand(command: string, args: readonly string[], detached = false): ScriptProcess {
  const child = spawn(command, args, { detached });
  started.add(child);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async nextLine() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`${command} has ended`);
      return value;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Returns the URL of one of our modules for a script, for example `util/files/locks/file-lock.js`. */
export function builtModule(path: string): string {
  return new URL(`../../../.build/${path}`, import.meta.url).href;
}
