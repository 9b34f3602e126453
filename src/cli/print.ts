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
      else if (goneCodes.has((error as NodeJS.ErrnoException).code ?? '')) resolve(false);
      else reject(error);
    };
    // A stream that has failed once may keep further writes for ever.
    if (stream.errored ?? stream.destroyed) resolve(false);
    else stream.write(text, finish);
  });
}

const goneCodes = new Set([
  'EPIPE',
  'EIO',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
