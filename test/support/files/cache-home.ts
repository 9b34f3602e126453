import { join } from 'node:path';

const isWindows = process.platform === 'win32';

/** Returns the variables with which the program caches compiled code below a folder. */
export function cacheVariables(folder: string): Record<string, string> {
  return isWindows ? { LOCALAPPDATA: folder } : { XDG_CACHE_HOME: folder };
}

/** Returns the folder that has the cached code with these variables. */
export function cacheIn(folder: string): string {
  return join(folder, 'codex-account-server', ...(isWindows ? ['Cache'] : []));
}
