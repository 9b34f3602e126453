import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  constants,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What the file begins with; a file full of zeros is not one. */
const mark = Buffer.from('codex-account-server code\n');

const unusedForMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The content of a cache file, if it is whole and nobody but its owner, who is this user, could have written it or put it
 * there. Undefined for any other.
 */
export function readCache(path: string): Buffer | undefined {
  try {
    if (!isOwn(lstatSync(dirname(path)))) return undefined;
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && isOwn(stats) ? readTwice(descriptor, stats.size) : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

const chunkBytes = 64 * 1024;

/**
 * The content stands there twice: damage shows where the two differ. That takes 0.2 ms; a checksum would take 4, most of
 * it to load node:zlib. The second one is read in pieces, as fresh memory costs more than the reading.
 */
function readTwice(descriptor: number, size: number): Buffer | undefined {
  const length = (size - mark.length) / 2;
  if (!Number.isInteger(length) || length <= 0) return undefined;
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  if (!readPart(descriptor, chunk.subarray(0, mark.length), 0).equals(mark)) return undefined;
  const content = readPart(descriptor, Buffer.allocUnsafeSlow(length), mark.length);
  for (let start = 0; start < length; start += chunkBytes) {
    const expected = content.subarray(start, start + chunkBytes);
    const copy = readPart(descriptor, chunk.subarray(0, expected.length), mark.length + length + start);
    if (!copy.equals(expected)) return undefined;
  }
  return content;
}

/** @throws where the file ends before the part is full */
function readPart(descriptor: number, part: Buffer, position: number): Buffer {
  if (readSync(descriptor, part, 0, part.length, position) !== part.length)
    throw new Error('the file is cut off');
  return part;
}

/** Replaces a cache file as a whole. Where it cannot be written nothing happens. */
export function writeCache(path: string, contentOf: () => Buffer): void {
  const folder = dirname(path);
  const temporaryPath = `${path}.${process.pid}`;
  try {
    makeFolder(dirname(folder));
    makeFolder(folder);
    if (!isOwn(lstatSync(folder))) return;
    const content = contentOf();
    writeFileSync(temporaryPath, Buffer.concat([mark, content, content]), { mode: 0o600, flag: 'wx' });
    renameSync(temporaryPath, path);
    removeUnused(folder, basename(path));
  } catch {
    removeQuietly(temporaryPath);
  }
}

/** Not by `recursive`: with it node up to 24 tries for ever where the system lets nobody make a folder, as in /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What is no folder holds no file.
  }
}

/** Files of versions that are gone, and of processes that were killed while they wrote. */
function removeUnused(folder: string, ownName: string): void {
  const oldestMs = Date.now() - unusedForMs;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name !== ownName && statSync(path).mtimeMs < oldestMs) rmSync(path, { force: true });
  }
}

function isOwn({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}
