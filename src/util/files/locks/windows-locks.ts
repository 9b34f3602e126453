import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LockFailure } from './lock-poll.js';

/** The functions of `fs-native-extensions` that are used here. */
export interface WindowsLocks {
  /**
   * Locks a range of an open file with LockFileEx. A length of 0 is the whole file. Each number must be given.
   *
   * @throws an error with the code EAGAIN if another program has a lock on it
   */
  tryLock(descriptor: number, offset: number, length: number, isExclusive: boolean): undefined;
}

/**
 * Loads the library that `build.mjs` has copied into the package. Only node for Windows can load it.
 *
 * @param serverFolder the folder of the server, if it is not that of this module
 */
export function loadWindowsLocks(serverFolder?: string): WindowsLocks | LockFailure {
  const name = `locks-win32-${process.arch}.node`;
  const path = libraryFolders(serverFolder)
    .map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) return { reason: `${name} is missing beside the program`, isTransient: false };
  const loaded = { exports: {} };
  try {
    process.dlopen(loaded, path);
  } catch {
    return { reason: `${path} cannot be loaded`, isTransient: false };
  }
  return loaded.exports as WindowsLocks;
}

function libraryFolders(serverFolder: string | undefined): readonly string[] {
  // A bundler that makes CommonJS of the ES module leaves it undefined.
  const own = (import.meta as { readonly dirname?: string }).dirname;
  return [
    ...(serverFolder === undefined ? [] : [serverFolder]),
    // Beside the bundles of the package; sources and their compiled modules are four folders below the checkout.
    ...(own === undefined ? [] : [own, join(own, '../../../../dist')]),
  ];
}
