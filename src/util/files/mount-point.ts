import { fstatSync, readFileSync } from 'node:fs';

/**
 * Returns whether an open file is mounted over its name in the open folder, as single files are in containers. Such a
 * name cannot be replaced. On Linux a mount of a file of the same file system is noticed, too. Windows mounts no files.
 */
export function isMountPoint(file: number, folder: number): boolean {
  if (process.platform === 'win32') return false;
  return fstatSync(file).dev !== fstatSync(folder).dev || mountOf(file) !== mountOf(folder);
}

/** Returns the id of the mount through which the file was opened; undefined if the system does not report it. */
function mountOf(descriptor: number): string | undefined {
  try {
    return /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
