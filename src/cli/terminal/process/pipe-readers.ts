import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the name that /proc has for the pipe of a descriptor; undefined if it is none, or without /proc. */
export function pipeName(descriptor: number): string | undefined {
  const name = linkAt(`/proc/self/fd/${descriptor}`);
  return typeof name === 'string' && name.startsWith('pipe:') ? name : undefined;
}

/**
 * Returns the descriptors, as paths in /proc, that read from a pipe. Those of processes that this user may not look into are
 * missing.
 */
export function readersOf(pipe: string): string[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => namesIn(`/proc/${pid}/fd`).map((descriptor) => `/proc/${pid}/fd/${descriptor}`))
    .filter((path) => linkAt(path) === pipe && isReadable(path));
}

/** Returns whether a reader that was found before is still there. A process that has changed its user may not be looked into. */
export function isReading(path: string, pipe: string): boolean {
  const link = linkAt(path);
  return link === pipe || link === 'denied';
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns whether a descriptor is not open for writing alone. */
function isReadable(path: string): boolean {
  try {
    const [, flags = '0'] =
      /^flags:\s*(\d+)/m.exec(readFileSync(path.replace('/fd/', '/fdinfo/'), 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & 3) !== 1;
  } catch {
    return false;
  }
}
