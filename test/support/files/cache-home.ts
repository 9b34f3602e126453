import { join } from 'node:path';

const isWindows = process.platform === 'win32';

/** Returns the variables that have the program cache compiled code below a folder. */
export function cacheVariables(folder: string): Record<string, string> {
  return isWindows ? { LOCALAPPDATA: folder } : { XDG_CACHE_HOME: folder };
}

/** Returns the folder of the cache then. */
export function cacheIn(folder: string): string {
  return join(folder, 'codex-account-server', ...(isWindows ? ['Cache'] : []));
}
