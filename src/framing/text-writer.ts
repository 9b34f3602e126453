import type { Writable } from 'node:stream';

export interface TextWriter {
  /** Writes one message in one piece. Resolves when the stream has accepted it, rejects if the stream is broken. */
  write(text: string): Promise<void>;
}

/** Creates a writer of messages. A caller that awaits each write keeps the stream's buffer small. */
export function createTextWriter(output: Writable): TextWriter {
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        output.write(text, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}
