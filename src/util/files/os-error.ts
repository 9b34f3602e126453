import { constants } from 'node:os';

/** The texts of the C library for errors of the file system, as Codex shows them; Node's texts differ. */
const texts: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'Resource busy',
  EEXIST: 'File exists',
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

/** The English texts of Windows for errors, by their codes in Node. */
const windowsErrors: Readonly<Record<string, readonly [text: string, number: number]>> = {
  EACCES: ['Access is denied.', 5],
  EBUSY: ['The process cannot access the file because it is being used by another process.', 32],
  EEXIST: ['Cannot create a file when that file already exists.', 183],
  EFBIG: ['The file size exceeds the limit allowed and cannot be saved.', 223],
  EINVAL: ['The parameter is incorrect.', 87],
  EIO: ['The request could not be performed because of an I/O device error.', 1117],
  EISDIR: ['Access is denied.', 5],
  ELOOP: ['The name of the file cannot be resolved by the system.', 1921],
  EMFILE: ['The system cannot open the file.', 4],
  ENAMETOOLONG: ['The filename or extension is too long.', 206],
  ENOENT: ['The system cannot find the file specified.', 2],
  ENOSPC: ['There is not enough space on the disk.', 112],
  ENOTDIR: ['The directory name is invalid.', 267],
  EPERM: ['Access is denied.', 5],
  EROFS: ['The media is write protected.', 19],
  EXDEV: ['The system cannot move the file to a different disk drive.', 17],
};

/** Returns the text of an error's `code`, such as `Permission denied (os error 13)` for `EACCES`. */
export function osErrorText(code = 'unknown error', platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    if (code === 'UNKNOWN') return 'Windows reports an error that Node does not know';
    const [text, number] = windowsErrors[code] ?? [];
    return text === undefined ? code : `${text} (os error ${number})`;
  }
  const number = constants.errno[code as keyof typeof constants.errno] as number | undefined;
  return number === undefined ? code : `${texts[code] ?? code} (os error ${number})`;
}

/** Creates an error like those of the file system. */
export function fileError(code: keyof typeof constants.errno, path: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${path} ${what}`), { code, errno: -constants.errno[code] });
}
