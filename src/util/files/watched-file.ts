import { readFileSync, type Stats, statSync } from 'node:fs';

/** The content of a file, or the code of the error that prevented the read. */
export type FileContent = Buffer | { readonly errorCode: string };

/**
 * Creates a reader that reads a file again only if its modification time, size or inode has changed. It returns errors
 * (`ENOENT`, `EACCES`, `EISDIR`, …) as content.
 */
export function watchFile(path: string): {
  /** Returns the current content: the same object until the file changes. */
  read(): FileContent;
} {
  let cachedVersion: FileVersion = {};
  let cached: FileContent = { errorCode: 'ENOENT' };
  return {
    read() {
      // Synchronous: for a small local file this costs a tenth of a read through the thread pool.
      const version = versionOf(path);
      if (!isSame(version, cachedVersion)) {
        cached = contentOf(path);
        cachedVersion = version;
      }
      return cached;
    },
  };
}

/** The attributes that change with a file. `mtimeMs` is exact to a quarter of a microsecond. */
type FileVersion = Partial<Pick<Stats, 'mtimeMs' | 'size' | 'ino'>> & { readonly errorCode?: string };

function versionOf(path: string): FileVersion {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? { errorCode: 'ENOENT' };
  } catch (error) {
    return { errorCode: errorCodeOf(error) };
  }
}

function isSame(one: FileVersion, other: FileVersion): boolean {
  return (
    one.mtimeMs === other.mtimeMs &&
    one.size === other.size &&
    one.ino === other.ino &&
    one.errorCode === other.errorCode
  );
}

function contentOf(path: string): FileContent {
  try {
    return readFileSync(path);
  } catch (error) {
    return { errorCode: errorCodeOf(error) };
  }
}

function errorCodeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}
