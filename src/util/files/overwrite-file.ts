import { closeSync, constants, fchmodSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/**
 * Overwrites an existing file in place, with mode 0600, and waits until the disk has it. It is not atomic: use it only
 * for a file that cannot be replaced, and only if its old content has become useless. It does not wait for a program that
 * has the file open: the replacement has done that.
 *
 * @throws the file system's error; the file may be torn then
 */
export function overwriteFile(path: string, text: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    fchmodSync(descriptor, 0o600);
    const bytes = Buffer.from(text, 'utf8');
    writeFrom(descriptor, bytes);
    ftruncateSync(descriptor, bytes.length);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes all bytes, from the beginning of the file on. */
export function writeFrom(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, done);
  }
}
