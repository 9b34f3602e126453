import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Returns whether a command can be started: it is a path or a name on PATH, and an executable file. */
export function canBeStarted(file: string, searchPath: string | undefined): boolean {
  const isPath = file.includes('/') || (process.platform === 'win32' && file.includes('\\'));
  const folders = isPath ? [''] : (searchPath ?? '').split(delimiter);
  const extensions = process.platform === 'win32' ? ['', '.exe', '.com'] : [''];
  return folders.some((folder) =>
    extensions.some((extension) => isExecutable(join(folder, file + extension))),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
