import { accessSync, constants, readdirSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { isOwnFolder, makeFolder, replaceOwnFile, withOwnFile } from '../../util/files/own-file.js';

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  path: string,
  folder: string,
) => void;

export interface LoadedScript {
  readonly exports: object;
  /** Saves the code that V8 has compiled so far, for the next process. Never throws. Undefined if there is nothing to save. */
  readonly saveCode: (() => void) | undefined;
}

/**
 * Loads a CommonJS bundle as `require` does, but with the code that an earlier process compiled. `README.md` in this
 * folder says how much time that saves. Without a cache folder it reads and writes no cache.
 *
 * V8 accepts code if the length of the script and V8's version and flags are the same. It does not check whether the
 * code is damaged. So the file's name contains the version of node, and the size, time and inode of the script. The file
 * contains the code twice.
 *
 * @param use what the process does. Each use has a cache file, because it needs other functions
 */
export function loadScript(path: string, cacheFolder: string | undefined, use: string): LoadedScript {
  const cachePath = cacheFolder && join(cacheFolder, cacheName(path, use));
  const cachedData = cachePath ? readCache(cachePath) : undefined;
  // The file is ASCII, and already contains the wrapper function: adding it here would copy the text twice.
  const script = new Script(readFileSync(path, 'latin1'), {
    filename: path,
    ...(cachedData && { cachedData }),
  });
  const isFromCache = cachedData !== undefined && script.cachedDataRejected === false;
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, require, module, path, dirname(path));
  const canSave = cachePath !== undefined && !isFromCache && isWritable(dirname(cachePath));
  return {
    exports: module.exports,
    saveCode: canSave ? () => writeCache(cachePath, () => script.createCachedData()) : undefined,
  };
}

/** Returns whether a folder can be written to, or, if it is missing, the folder in which it would be created. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && folder !== dirname(folder);
    return isMissing && isWritable(dirname(folder));
  }
}

/** Returns a name that no other version of the script or of node has. */
function cacheName(path: string, use: string): string {
  // Not the time of the content: npm gives the files of all packages the same.
  const { ctimeMs, size, ino } = statSync(path);
  const { version, arch } = process;
  return [basename(path), use, version, arch, size, Math.round(ctimeMs), ino].join('-');
}

/** The first bytes of a cache file. They tell it from a file full of zeros. */
const signature = Buffer.from('codex-account-server code\n');

const unusedForMs = 30 * 24 * 60 * 60 * 1000;

/** Returns the content of a cache file. Undefined if it is damaged, or if another user could have written it. */
function readCache(path: string): Buffer | undefined {
  try {
    if (!isOwnFolder(dirname(path))) return undefined;
    return withOwnFile(path, (descriptor, { size }) => readTwice(descriptor, size));
  } catch {
    return undefined;
  }
}

const chunkBytes = 64 * 1024;

/**
 * Reads the code. Returns undefined if its two copies differ. To compare them is faster than a checksum, which needs
 * node:zlib. The second copy is read in pieces, because to allocate memory costs more than to read.
 */
function readTwice(descriptor: number, size: number): Buffer | undefined {
  const length = (size - signature.length) / 2;
  if (!Number.isInteger(length) || length <= 0) return undefined;
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  if (!readPart(descriptor, chunk.subarray(0, signature.length), 0).equals(signature)) return undefined;
  const content = readPart(descriptor, Buffer.allocUnsafeSlow(length), signature.length);
  for (let start = 0; start < length; start += chunkBytes) {
    const expected = content.subarray(start, start + chunkBytes);
    const copy = readPart(descriptor, chunk.subarray(0, expected.length), signature.length + length + start);
    if (!copy.equals(expected)) return undefined;
  }
  return content;
}

/** @throws Error if the file ends before the part is full */
function readPart(descriptor: number, part: Buffer, position: number): Buffer {
  if (readSync(descriptor, part, 0, part.length, position) !== part.length)
    throw new Error('the file is cut off');
  return part;
}

/** Writes a cache file atomically. Does nothing if it cannot be written. */
function writeCache(path: string, contentOf: () => Buffer): void {
  const folder = dirname(path);
  try {
    makeFolder(dirname(folder));
    makeFolder(folder);
    if (!isOwnFolder(folder)) return;
    const content = contentOf();
    replaceOwnFile(path, Buffer.concat([signature, content, content]));
    removeUnused(folder, basename(path));
  } catch {
    // The next process compiles the code again.
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder does not exist or is a file, so there is nothing to remove.
  }
}

/**
 * Removes cache files of other versions, and those of processes that were killed while they wrote, once they are old.
 * Other files in the folder stay, also if their name is similar.
 */
function removeUnused(folder: string, ownName: string): void {
  const oldestMs = Date.now() - unusedForMs;
  for (const name of readdirSync(folder)) {
    if (name === ownName || !cacheNames.test(name)) continue;
    const path = join(folder, name);
    if (isUnused(path, oldestMs)) removeQuietly(path);
  }
}

/** The names that `cacheName` returns for the program, and those of the files that are written first. */
const cacheNames =
  /^(program|offline)\.cjs-([a-zA-Z]+-)?v\d+\.\d+\.\d+(-[\w.]+)?-[a-z]\w*-\d+-\d+-\d+(\.\d+)?$/;

/** Returns whether it is an old file that begins as `writeCache` writes it. */
function isUnused(path: string, oldestMs: number): boolean {
  try {
    const isOld = withOwnFile(path, (descriptor, { mtimeMs }) => {
      if (mtimeMs >= oldestMs) return false;
      const start = Buffer.alloc(signature.length);
      // A process that was killed may have written less.
      const length = readSync(descriptor, start, 0, start.length, 0);
      return start.subarray(0, length).equals(signature.subarray(0, length));
    });
    return isOld === true;
  } catch {
    return false;
  }
}
