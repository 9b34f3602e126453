import { tmpdir } from 'node:os';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../../src/util/clock.js';
import { runLogin } from '../../../src/cli/login/command.js';

/** Runs `login` with an option that reads a secret, on a terminal. Resolves with the exit code and stderr. */
export async function loginWithTyped(
  option: string,
  secret: string,
): Promise<[code: number, stderr: string]> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runLogin([option], {
    stdin: Object.assign(Readable.from([`${secret}\n`]), { isTTY: true }),
    stdout,
    stderr,
    env: { HOME: tmpdir() },
    serverEnv: { HOME: tmpdir() },
    clock: systemClock,
    random: () => 0.5,
    untilStopped: () => Promise.resolve(),
  });
  stderr.end();
  return [code, await text(stderr)];
}

/** Returns the words that print a variable in a shell of this system. */
export function printed(variable: string): string {
  return process.platform === 'win32' ? `$env:${variable}` : `printenv ${variable}`;
}
