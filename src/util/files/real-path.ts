import { realpathSync } from 'node:fs';

/**
 * Returns the absolute path without links, as the system spells it. On Windows some drives, as those in memory, cannot say
 * the path of an open file; node then follows the links one by one, and upper and lower case stay as they are given.
 *
 * @throws the file system's error
 */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
    return realpathSync(path);
  }
}
