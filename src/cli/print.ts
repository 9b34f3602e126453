import type { Writable } from 'node:stream';

/**
 * Writes to a stream that may be gone. Resolves with whether somebody takes it still: nobody does behind
 * `usage | head -1`, or when the terminal is closed.
 *
 * @throws Error where it cannot be written for another reason, such as a full disk
 */
export function print(stream: Writable, text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const finish = (error?: Error | null): void => {
      if (!error) resolve(true);
      else if (isGone(error)) resolve(false);
      else reject(error);
    };
    // A stream that has failed once may keep further writes for ever.
    if (stream.errored ?? stream.destroyed) resolve(false);
    else stream.write(text, finish);
  });
}

/** Whether a write has failed only because nobody takes it any more. */
export function isGone(error: Error): boolean {
  return goneCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

const goneCodes = new Set([
  'EPIPE',
  'EIO',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Prints a text that is all that a command does. Resolves with the exit code: 1 where it cannot be written. */
export async function printAll(
  command: string,
  text: string,
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
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

/** @param command what the person has typed behind the name, if anything */
export function cannotWrite(command: string, error: unknown): string {
  return `${`codex-account-server ${command}`.trimEnd()}: cannot write: ${(error as Error).message}\n`;
}
