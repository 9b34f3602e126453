import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The memory and open files of a process after garbage collection. */
export interface Figures {
  /** The heap, and buffers outside it. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open files and sockets; on Windows what keeps the process running. */
  readonly descriptors: number;
}

/** A built server whose output is not kept, for long runs. */
export interface WatchedServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when there is room for more input. */
  write(bytes: Uint8Array): Promise<void>;
  figures(): Promise<Figures>;
  /** The code or signal it ended with. */
  readonly exited: Promise<string>;
  /** The lines of its log. */
  readonly log: readonly string[];
}

const hook = new URL('../tools/figures-hook.mjs', import.meta.url).href;
const main = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** Starts the server. The caller ends it. `onOutput` gets the bytes of its stdout as they come. */
export function startWatchedServer(
  environment: Readonly<Record<string, string>>,
  onOutput: (chunk: Buffer) => void,
): WatchedServer {
  const child = spawn(process.execPath, ['--expose-gc', '--import', hook, main, 'app-server'], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, ...environment },
  }) as ChildProcessWithoutNullStreams;
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', onOutput);
  const log: string[] = [];
  let onFigures: ((figures: Figures) => void) | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('figures ')) onFigures?.(JSON.parse(line.slice('figures '.length)) as Figures);
    else log.push(line);
  });
  const exited = once(child, 'close').then(([code, signal]) => String(signal ?? code));
  const gone = async (): Promise<never> => {
    throw new Error(`the server has ended: ${await exited}`);
  };
  return {
    child,
    async write(bytes) {
      if (!child.stdin.write(bytes)) await Promise.race([once(child.stdin, 'drain'), gone()]);
    },
    figures() {
      const asked = new Promise<Figures>((resolve) => (onFigures = resolve));
      child.send('figures', () => undefined);
      return Promise.race([asked, gone()]);
    },
    exited,
    log,
  };
}
