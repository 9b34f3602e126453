import type { Writable } from 'node:stream';
import { safeLine } from '../../util/text/safe-text.js';

/** The parts of a stream that texts are written with. */
export type TextOutput = Pick<Writable, 'errored' | 'destroyed'> & {
  write(text: string, done?: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
};

/**
 * Writes to a stream. Resolves with false if its reader has gone, as in `usage | head -1` or when the terminal is closed.
 *
 * @throws Error if the write fails for another reason, such as a full disk
 */
export function print(stream: TextOutput, text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const finish = (error?: Error | null): void => {
      if (!error) resolve(true);
      else if (isGone(error)) resolve(false);
      else reject(error);
    };
    // After an error a stream may never call back again.
    if (stream.errored ?? stream.destroyed) resolve(false);
    else stream.write(text, finish);
  });
}

/** Says whether a write failed because the reader has gone. */
export function isGone(error: Error): boolean {
  return goneCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

const goneCodes = new Set([
  'EPIPE',
  // A closed pipe on Windows.
  'EOF',
  'EIO',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Prints the whole output of a command. Resolves with the exit code: 1 if it cannot be written. */
export async function printAll(
  command: string,
  text: string,
  { stdout, stderr }: { readonly stdout: TextOutput; readonly stderr: TextOutput },
): Promise<number> {
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  try {
    await print(stdout, text);
    return 0;
  } catch (error) {
    await print(stderr, cannotWrite(command, error));
    return 1;
  }
}

/** Describes a failed write. @param command the command that was typed, if any */
export function cannotWrite(command: string, error: unknown): string {
  return `${`codex-account-server ${command}`.trimEnd()}: cannot write: ${safeLine((error as Error).message)}\n`;
}
