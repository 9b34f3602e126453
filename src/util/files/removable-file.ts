import { accessSync, closeSync, constants, lstatSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { retryOnWindows } from './in-use.js';
import { isMountPoint } from './mount-point.js';
import { fileError } from './os-error.js';

/**
 * Checks that a file can be removed. A missing file passes. Of a symbolic link, the link itself is checked, as only the
 * link would be removed.
 *
 * @throws the file system's error: EACCES or EROFS for its folder, EBUSY for a mount point, …
 */
export function requireRemovable(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  const folder = dirname(path);
  accessSync(folder, constants.W_OK | constants.X_OK);
  if (stats.isFile()) requireNoMountPoint(path, folder);
}

function requireNoMountPoint(path: string, folder: string): void {
  const descriptors: number[] = [];
  const open = (name: string): number => {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const descriptor = retryOnWindows(() => openSync(name, flags));
    descriptors.push(descriptor);
    return descriptor;
  };
  try {
    if (isMountPoint(open(path), open(folder))) throw fileError('EBUSY', path, 'is a mount point');
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}
