import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const program = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));
const driver = fileURLToPath(new URL('terminal.py', import.meta.url));

/** Node cannot create a terminal, Python can. */
export const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;
if (!hasTerminals) process.stderr.write('python3: not installed, so no command is tried on a terminal\n');

export interface Ending {
  /** The exit code, or the name of the signal that killed it. */
  readonly status: number | string;
  /** Its stderr, which is not a terminal. */
  readonly stderr: string;
  /** Whether the terminal has its original modes; null if it was closed. */
  readonly isRestored: boolean | null;
}

/** A built command that runs on its own terminal. */
export interface Terminal {
  /** Types on its keyboard. */
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Closes the terminal, as closing its window does. */
  hangUp(): void;
  signal(name: NodeJS.Signals): void;
  /** All output on the terminal. */
  written(): string;
  /** Resolves when the output since the last call matches, without its escape sequences. */
  until(pattern: RegExp): Promise<void>;
  /** Resolves with its status when the command has ended. */
  readonly left: Promise<Ending['status']>;
  /** Resolves with its status when all processes that it started have closed its stderr. */
  readonly ended: Promise<Ending>;
}

export interface TerminalOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/** Runs the built command. The caller ends it. */
export function startOnTerminal(
  args: readonly string[],
  { environment, columns = 80, rows = 40 }: TerminalOptions,
): Terminal {
  const command = [process.execPath, program, ...args];
  const child: ChildProcess = spawn('python3', [driver, `${columns}`, `${rows}`, ...command], {
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      TERM: 'xterm',
      // In the C locale Python would set LC_CTYPE for the command.
      PYTHONCOERCECLOCALE: '0',
      ...environment,
    },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [orders, screen, stderr, report] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  // Writes to a command that has ended fail.
  orders.on('error', () => undefined);
  let written = '';
  let seen = 0;
  screen.setEncoding('utf8').on('data', (chunk: string) => {
    written += chunk;
  });
  const order = (message: object): void => {
    orders.write(`${JSON.stringify(message)}\n`);
  };
  const closed = once(child, 'close');
  const reported = json(report).then((how) => {
    const { status, isRestored } = how as { status: number; isRestored: boolean | null };
    return { status: status < 0 ? signalName(-status) : status, isRestored };
  });
  const ended = Promise.all([reported, text(stderr), closed]).then(([how, errors]) => ({
    ...how,
    stderr: errors,
  }));
  return {
    type: (keys) => order({ type: keys }),
    resize: (toColumns, toRows) => order({ resize: [toColumns, toRows] }),
    hangUp: () => order({ hangUp: true }),
    signal: (name) => order({ signal: constants.signals[name] }),
    written: () => written,
    async until(pattern) {
      const gone = closed.then(() => {
        throw new Error(`it has ended and never wrote ${String(pattern)}: ${written.slice(seen)}`);
      });
      gone.catch(() => undefined);
      for (;;) {
        const added = stripVTControlCharacters(written.slice(seen));
        if (pattern.test(added)) break;
        await Promise.race([once(screen, 'data'), gone]);
      }
      seen = written.length;
    },
    left: reported.then(({ status }) => status),
    ended,
  };
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `${number}`;
}
