import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { retryOnWindows, retryReplacing } from '../../../util/files/in-use.js';
import { osErrorText } from '../../../util/files/os-error.js';
import { isShim } from '../own-file.js';
import { type ShimProgram, shimText, windowsShimText } from './shim-text.js';

/** A shim cannot be written or removed. The message names the path. */
export class ShimError extends Error {}

/** Returns the path of a shim in a folder. */
export function shimPath(folder: string, platform: NodeJS.Platform): string {
  return join(folder, platform === 'win32' ? 'codex.cmd' : 'codex');
}

/**
 * Writes a shim, or replaces one. Makes the folder if needed. The mode of the file is 0755.
 *
 * @returns its path
 * @throws ShimError also if there is a file that is not a shim, or a link
 */
export function writeShim(folder: string, program: ShimProgram, platform: NodeJS.Platform): string {
  const path = shimPath(folder, platform);
  const text = platform === 'win32' ? windowsShimText(program) : shimText(program);
  if (platform === 'win32' && /[^\u0000-\u007f]/.test(text))
    throw new ShimError(`cannot write ${JSON.stringify(path)}: a path in it has characters beyond ASCII`);
  withReason(`cannot write ${JSON.stringify(path)}`, () => {
    mkdirSync(folder, { recursive: true });
    requireShim(path, 'it is not overwritten');
    const temporaryPath = `${path}.${process.pid}`;
    try {
      writeFileSync(temporaryPath, text, { flag: 'wx' });
      // `open` applies the umask to its mode.
      chmodSync(temporaryPath, 0o755);
      retryReplacing(() => {
        renameSync(temporaryPath, path);
      });
    } finally {
      rmSync(temporaryPath, { force: true });
    }
  });
  return path;
}

/** Removes the shim in a folder. Returns its path; undefined if there is none. @throws ShimError */
export function removeShim(folder: string, platform: NodeJS.Platform): string | undefined {
  const path = shimPath(folder, platform);
  return withReason(`cannot remove ${JSON.stringify(path)}`, () => {
    if (!requireShim(path, 'it is not removed')) return undefined;
    retryOnWindows(() => {
      rmSync(path);
    });
    return path;
  });
}

/** Returns whether there is a file. @throws ShimError if it is not a shim */
function requireShim(path: string, otherwise: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (stats.isFile() && isShim(path)) return true;
  throw new ShimError(`${JSON.stringify(path)} was not written by shim install; ${otherwise}`);
}

function withReason<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ShimError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new ShimError(`${what}: ${osErrorText(code)}`, { cause: error });
  }
}
