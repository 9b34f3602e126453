import type { Writable } from 'node:stream';

export interface LineWriter {
  /** Writes one line in one piece. Resolves once the stream has taken it, rejects when it is broken. */
  write(line: string): Promise<void>;
}

/** Writes lines; who awaits each write never makes the stream's buffer grow beyond one line. */
export function createLineWriter(output: Writable): LineWriter {
  return {
    write: (line) =>
      new Promise((resolve, reject) => {
        output.write(`${line}\n`, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}
