import { fstatSync, writeSync } from 'node:fs';
import type { TextOutput } from './print.js';

/** An output, with its size if it is a terminal. */
export type DirectOutput = TextOutput & { readonly isTTY?: boolean; readonly columns?: number };

const descriptors = { stdout: 1, stderr: 2 } as const;

/**
 * Returns an output that writes to a file or a pipe at once, because node's stream for a pipe loads its network code: a
 * sixth of the time of an empty node. For a terminal it is node's stream, which knows the size.
 */
export function directOutput(name: 'stdout' | 'stderr'): DirectOutput {
  const descriptor = descriptors[name];
  const stream = (): NodeJS.WriteStream & DirectOutput =>
    // `print` handles the errors. Without a listener they would end the process.
    process[name].on('error', () => undefined);
  if (isCharacterDevice(descriptor)) return stream();
  return {
    errored: null,
    destroyed: false,
    on: () => undefined,
    write(text, done = () => undefined) {
      let rest = Buffer.from(text);
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        // A pipe that is full and does not block: node's stream waits for its reader.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') stream().write(rest, done);
        else done(error as Error);
        return;
      }
      done();
    },
  };
}

/** Returns whether it may be a terminal. node reports a descriptor that is not open. */
function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return true;
  }
}
