import { PassThrough, type Readable } from 'node:stream';
import { runDevBackend } from '../../src/cli/dev/dev-backend.js';
import { jobControlOf } from '../../src/cli/terminal/process/job-control.js';
import { systemClock } from '../../src/util/clock.js';

/** `dev-backend` in this process. */
export interface Command {
  exitCode: Promise<number>;
  stdout: PassThrough;
  stderr: PassThrough;
  stop: (signal?: NodeJS.Signals) => void;
}

export function startCommand(...args: string[]): Command {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const stderr = new PassThrough({ encoding: 'utf8' });
  let stop: (signal: NodeJS.Signals) => void = () => undefined;
  const untilStopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = resolve;
  });
  const exitCode = runDevBackend(args, {
    stdin: new PassThrough(),
    stdout,
    stderr,
    serverEnv: { PATH: process.env.PATH, OPENAI_API_KEY: 'sk-not-for-the-command' },
    clock: systemClock,
    jobControl: jobControlOf(process.platform),
    untilStopped,
  });
  return { exitCode, stdout, stderr, stop: (signal = 'SIGTERM') => stop(signal) };
}

export function firstText(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    stream.once('data', (chunk: Buffer | string) => {
      resolve(chunk.toString());
    });
  });
}

/** Resolves with what a command has written when it has ended. */
export async function outcomeOf({ exitCode, stdout, stderr }: Command) {
  return {
    exitCode: await exitCode,
    stdout: (stdout.read() as string | null) ?? '',
    stderr: (stderr.read() as string | null) ?? '',
  };
}
