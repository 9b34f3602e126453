import { readFileSync, statSync } from 'node:fs';

/** The content of a file, or why there is none. */
export type FileContent = Buffer | { readonly errorCode: string };

/**
 * Reads a file again only when its modification time, size or inode has changed. Errors (`ENOENT`, `EACCES`,
 * `EISDIR`, …) are content like any other.
 */
export function watchFile(path: string): {
  /** What the file holds now; the same object as long as it has not changed. */
  read(): FileContent;
} {
  let knownVersion: string | undefined;
  let known: FileContent = { errorCode: 'ENOENT' };
  return {
    read() {
      // Synchronous: for a small local file a tenth of the cost of going through the thread pool.
      const version = versionOf(path);
      if (version !== knownVersion) {
        known = contentOf(path);
        knownVersion = version;
      }
      return known;
    },
  };
}

function versionOf(path: string): string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats ? `${stats.mtimeNs} ${stats.size} ${stats.ino}` : 'ENOENT';
  } catch (error) {
    return errorCodeOf(error);
  }
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
