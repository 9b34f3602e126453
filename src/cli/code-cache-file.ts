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
import { crc32 } from 'node:zlib';

/** The checksum of the rest stands before it. */
const headerBytes = 4;

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
      if (!stats.isFile() || !isOwn(stats) || stats.size <= headerBytes) return undefined;
      const bytes = Buffer.allocUnsafeSlow(stats.size);
      if (readSync(descriptor, bytes) !== stats.size) return undefined;
      const content = bytes.subarray(headerBytes);
      return crc32(content) === bytes.readUInt32LE() ? content : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/** Replaces a cache file as a whole. Where it cannot be written nothing happens. */
export function writeCache(path: string, contentOf: () => Buffer): void {
  const folder = dirname(path);
  const temporaryPath = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(lstatSync(folder))) return;
    const content = contentOf();
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(crc32(content));
    writeFileSync(temporaryPath, Buffer.concat([header, content]), { mode: 0o600, flag: 'wx' });
    renameSync(temporaryPath, path);
    removeUnused(folder, basename(path));
  } catch {
    rmSync(temporaryPath, { force: true });
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
