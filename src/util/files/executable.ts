import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { windowsNames } from '../programs/startable-program.js';

/**
 * Finds the executable file that a command starts: a path, or a name on the search path. Returns undefined if there is
 * none.
 *
 * @param searchPath the variable PATH
 * @param accepts files that it does not accept are passed over
 */
export function findExecutable(
  command: string,
  searchPath: string | undefined,
  accepts: (path: string) => boolean = () => true,
): string | undefined {
  const isPath = command.includes('/') || (process.platform === 'win32' && command.includes('\\'));
  const folders = isPath ? [''] : (searchPath ?? '').split(delimiter);
  const names = process.platform === 'win32' ? windowsNames(command) : [command];
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => isExecutable(path) && accepts(path));
}

/** Returns whether it is a file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
