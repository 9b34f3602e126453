import type { Writable } from 'node:stream';

export interface TextWriter {
  /** Writes one message in one piece. Resolves once the stream has taken it, rejects when it is broken. */
  write(text: string): Promise<void>;
}

/** Writes messages; who awaits each write never makes the stream's buffer grow beyond what is open. */
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
