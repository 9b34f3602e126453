import { constants } from 'node:os';

/** The texts of the C library for errors of the file system, as Codex shows them; Node's texts differ. */
const texts: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'Resource busy',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMLINK: 'Too many links',
  EMFILE: 'Too many open files',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
};

/** Returns the text of an error's `code`, such as `Permission denied (os error 13)` for `EACCES`. */
export function osErrorText(code = 'unknown error'): string {
  const number = constants.errno[code as keyof typeof constants.errno] as number | undefined;
  return number === undefined ? code : `${texts[code] ?? code} (os error ${number})`;
}

/** Creates an error like those of the file system. */
export function fileError(code: keyof typeof constants.errno, path: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${path} ${what}`), { code, errno: -constants.errno[code] });
}
