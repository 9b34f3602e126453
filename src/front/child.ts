import type { ChildProcess, ChildProcessWithoutNullStreams, spawn as Spawn } from 'node:child_process';
import { createLineSplitter } from '../framing/line-splitter.js';
import { readFrames } from '../framing/read-frames.js';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import { killProgram } from '../util/programs/kill-program.js';
import { startableProgram } from '../util/programs/startable-program.js';
import { withinMs } from '../util/waiting.js';
import { createStderrTail } from './stderr-tail.js';

/** How the upstream program is started. */
export interface UpstreamCommand {
  readonly path: string;
  readonly args: () => readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** The running upstream program: lines in, lines out. */
export interface Child {
  /** Writes a message as a line. Nothing happens if the program has ended. */
  send(text: string): void;
  /** The bytes that the program has not taken yet. */
  unsentBytes(): number;
  /** Resolves when it has taken all of them, or has ended. */
  whenTaken(): Promise<void>;
  /** Resolves with the reason when it has ended and its last line was received. */
  readonly gone: Promise<string>;
  /** The last lines of its stderr. */
  stderrText(): string;
  /** Ends its input, and kills it after `graceMs`. Resolves when it has ended. */
  end(graceMs: number): Promise<void>;
  kill(): void;
}

/** A longer line ends the program: whose answer it is cannot be known. */
const maxLineBytes = 256 * 1024 * 1024;

/** How long an output stays open that the program has left to a program of its own. */
const leftOpenMs = 1_500;

export function startChild(
  command: UpstreamCommand,
  options: {
    spawn: typeof Spawn;
    clock: Clock;
    /** Called with each line. Returns a promise if the next line must wait. */
    onLine: (text: string) => Promise<void> | undefined;
    /** Called with what the program writes to stderr. */
    onStderr: (chunk: Buffer) => void;
  },
): Child {
  const { clock, onLine, onStderr } = options;
  const exited = createDeferred<string>();
  const closed = createDeferred();
  const tail = createStderrTail();
  let isOver = false;
  const { path, args, environment: env } = command;
  const program = startableProgram(path, args(), env);
  const child = trySpawn(() => {
    const { command: file, args: words, ...verbatim } = program;
    return options.spawn(file, words, { ...verbatim, env, windowsHide: true });
  }, exited.resolve);
  if (!child) return { ...noChild, gone: exited.promise };
  const { stdin, stdout, stderr } = child;
  const kill = (): void => killProgram(child, program, { spawn: options.spawn, env });
  child
    .on('error', (error) => exited.resolve(startProblem(error)))
    .on('exit', (code, signal) => exited.resolve(`has ended (${signal ?? `exit code ${code}`})`))
    .on('close', () => closed.resolve());
  // A program that has ended shows in its exit code.
  stdin.on('error', () => undefined);
  stderr
    .on('error', () => undefined)
    .on('data', (chunk: Buffer) => {
      tail.add(chunk);
      onStderr(chunk);
    });
  const received = readFrames(stdout, createLineSplitter(maxLineBytes), (frame) => {
    if (frame.kind === 'text') return onLine(frame.text);
    // Not a message either.
    if (frame.kind === 'notUtf8') return onLine('');
    exited.resolve('wrote a line above 256 MiB');
    kill();
    return undefined;
  });

  /** Waits for what is still in the pipes. A program of its own may hold them open. */
  async function end(): Promise<string> {
    const reason = await exited.promise;
    const isClosed = closed.promise.then(() => true);
    while (child?.pid !== undefined && !(await withinMs(clock, leftOpenMs, isClosed))) {
      if (stdout.isPaused()) continue;
      stdout.destroy();
      stderr.destroy();
      break;
    }
    if (child?.pid === undefined) stdout.destroy();
    await received;
    isOver = true;
    stdin.destroy();
    return reason;
  }

  const gone = end();
  return {
    send(text) {
      if (!isOver && stdin.writable) stdin.write(`${oneLine(text)}\n`);
    },
    unsentBytes: () => stdin.writableLength,
    whenTaken: () =>
      new Promise((resolve) => {
        const done = (): void => {
          stdin.off('drain', done).off('close', done);
          resolve();
        };
        if (stdin.writableLength === 0 || !stdin.writable) resolve();
        else stdin.on('drain', done).on('close', done);
      }),
    gone,
    stderrText: tail.text,
    async end(graceMs) {
      stdin.end();
      if ((await withinMs(clock, graceMs, gone)) === undefined) kill();
      await gone;
    },
    kill,
  };
}

/** Returns undefined if the program cannot be started at all. */
function trySpawn(
  spawn: () => ChildProcess,
  onProblem: (reason: string) => void,
): ChildProcessWithoutNullStreams | undefined {
  try {
    const child = spawn();
    if (child.stdin) return child as ChildProcessWithoutNullStreams;
    // It has no streams if this process has too many open files.
    child.on('error', (error) => onProblem(startProblem(error)));
  } catch (error) {
    onProblem(startProblem(error));
  }
  return undefined;
}

function startProblem(error: unknown): string {
  return `cannot be started: ${(error as NodeJS.ErrnoException).code ?? 'error'}`;
}

/** Makes one line of a message. With headers it may have several; a line break is only between its values. */
function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text;
}

const noChild: Omit<Child, 'gone'> = {
  send: () => undefined,
  unsentBytes: () => 0,
  whenTaken: () => Promise.resolve(),
  stderrText: () => '',
  end: () => Promise.resolve(),
  kill: () => undefined,
};
