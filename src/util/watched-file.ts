import { readFile, stat } from 'node:fs/promises';

/** The content of a file, or why there is none. */
export type FileContent = Buffer | { readonly errorCode: string };

/**
 * Reads a file again only when its modification time, size or inode has changed, and says whether it has.
 * Errors (`ENOENT`, `EACCES`, `EISDIR`, …) are content like any other.
 */
export function watchFile(path: string): {
  /** What the file holds now; the same object as long as it has not changed. */
  read(): Promise<FileContent>;
} {
  let knownVersion: string | undefined;
  let known: FileContent = { errorCode: 'ENOENT' };
  return {
    async read() {
      const version = await versionOf(path);
      if (version !== knownVersion) {
        known = await contentOf(path);
        knownVersion = version;
      }
      return known;
    },
  };
}

async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch (error) {
    return errorCodeOf(error);
  }
}

async function contentOf(path: string): Promise<FileContent> {
  try {
    return await readFile(path);
  } catch (error) {
    return { errorCode: errorCodeOf(error) };
  }
}

function errorCodeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}
