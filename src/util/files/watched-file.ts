import { type Stats, statSync } from 'node:fs';
import { isInUseCode, type Retry, retryOnWindows } from './in-use.js';
import { readSmallFile, smallFileProblem } from './small-file.js';

/** The content of a file, or the code of the error that prevented the read. */
export type FileContent = Buffer | { readonly errorCode: string };

/** A larger file is refused (`EFBIG`). */
const maxFileBytes = 1024 * 1024;

/**
 * Creates a reader that reads a file again only if its modification time, size or inode has changed, or if the last
 * read failed. It returns errors (`ENOENT`, `EACCES`, `EISDIR`, …) as content; see `readSmallFile`.
 *
 * On Windows a read blocks for up to 2 s while another program has the file open, and only the first one does: a server
 * that answers others must not stop with each request.
 */
export function watchFile(path: string): {
  /** Returns the current content: the same object until the file changes. */
  read(): FileContent;
} {
  let cachedVersion: FileVersion = {};
  let cached: FileContent = { errorCode: 'ENOENT' };

  function refresh(version: FileVersion, retry: Retry): void {
    const content =
      version.errorCode === undefined ? contentOf(path, retry) : { errorCode: version.errorCode };
    const isSameFailure =
      !Buffer.isBuffer(content) && !Buffer.isBuffer(cached) && content.errorCode === cached.errorCode;
    if (!isSameFailure) cached = content;
    // A read can succeed later although the version is the same: after a change of the mode, or with free descriptors.
    cachedVersion = Buffer.isBuffer(content) ? version : { errorCode: content.errorCode };
  }

  return {
    read() {
      // Synchronous: for a small local file this costs a tenth of a read through the thread pool.
      const retry = isInUseCode(cachedVersion.errorCode) ? once : retryOnWindows;
      const version = versionOf(path, retry);
      if (!isSame(version, cachedVersion)) refresh(version, retry);
      return cached;
    },
  };
}

/** Returns the code of a read's error, and what it means if that is not obvious. */
export function explainedCode(errorCode: string): string {
  const problem = smallFileProblem(errorCode, maxFileBytes);
  return problem === undefined ? errorCode : `${errorCode}: ${problem}`;
}

/** The attributes that change with a file. `mtimeMs` is exact to a quarter of a microsecond. */
type FileVersion = Partial<Pick<Stats, 'mtimeMs' | 'size' | 'ino'>> & { readonly errorCode?: string };

const once: Retry = (work) => work();

function versionOf(path: string, retry: Retry): FileVersion {
  try {
    return retry(() => statSync(path, { throwIfNoEntry: false })) ?? { errorCode: 'ENOENT' };
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

function contentOf(path: string, retry: Retry): FileContent {
  try {
    return readSmallFile(path, maxFileBytes, retry);
  } catch (error) {
    return { errorCode: errorCodeOf(error) };
  }
}

function errorCodeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}
