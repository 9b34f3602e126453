import { closeSync, constants, openSync, readSync, realpathSync } from 'node:fs';

/** A line near the start of each shim that `shim install` writes. */
export const shimMarker = 'codex-account-server-shim';

/** A comment near the start of the built program, which `build/build.mjs` writes. */
const programMarker = 'codex-account-server-program';

const markerWithin = 512;

/**
 * Returns whether a file is this program, a copy of it, or a shim that starts it.
 *
 * @param ownScript the path of this program; it may be a link
 */
export function isOwnFile(path: string, ownScript: string): boolean {
  const start = startOf(path);
  return (
    start.includes(shimMarker) || start.includes(programMarker) || realPath(path) === realPath(ownScript)
  );
}

/** Returns whether a file is a shim. */
export function isShim(path: string): boolean {
  return startOf(path).includes(shimMarker);
}

/** Returns the first bytes of a file as text; an empty text if it cannot be read. */
export function startOf(path: string): string {
  try {
    // Opening a FIFO would otherwise wait for a writer.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(markerWithin);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, markerWithin, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
