import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Retry, retryOnWindows } from './in-use.js';
import { fileError } from './os-error.js';

/**
 * Without O_NONBLOCK, `open` waits for the writer of a FIFO. Without O_NOCTTY, a terminal could become the controlling
 * terminal of this process.
 */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a regular file of at most `maxBytes` bytes. Follows symbolic links. Never waits for the writer of a FIFO, and never
 * reads more than `maxBytes` plus one byte.
 *
 * @param retry how a file is opened that another program has open
 * @throws an error with a `code`: `EFBIG` for a longer file, `EISDIR` for a directory, `EINVAL` for a FIFO or a device, or
 * that of the file system
 */
export function readSmallFile(path: string, maxBytes: number, retry: Retry = retryOnWindows): Buffer {
  const descriptor = retry(() => openSync(path, openFlags));
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw fileError('EISDIR', path, 'is a directory');
    if (!stats.isFile()) throw fileError('EINVAL', path, 'is not a regular file');
    // One byte more than expected, to notice a file that has grown since, or whose size the system does not know.
    const expected = Math.min(stats.size, maxBytes) + 1;
    const bytes = readUpTo(descriptor, expected);
    const all = bytes.length < expected ? bytes : readRest(descriptor, bytes, maxBytes);
    if (all.length > maxBytes) throw fileError('EFBIG', path, `has more than ${maxBytes} bytes`);
    return all;
  } finally {
    closeSync(descriptor);
  }
}

/** Returns the problem behind the code of an error of `readSmallFile`, if the code alone does not say it. */
export function smallFileProblem(code: string | undefined, maxBytes: number): string | undefined {
  if (code === 'EFBIG') return `above ${maxBytes / 2 ** 20} MiB`;
  return code === 'EINVAL' ? 'not a regular file' : undefined;
}

function readRest(descriptor: number, start: Buffer, maxBytes: number): Buffer {
  return Buffer.concat([start, readUpTo(descriptor, maxBytes + 1 - start.length)]);
}

/** Reads until the end of the file, but at most `length` bytes. */
function readUpTo(descriptor: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, null);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
