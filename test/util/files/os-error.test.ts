import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { osErrorText } from '../../../src/util/files/os-error.js';

test.each([
  ['ENOENT', 'The system cannot find the file specified. (os error 2)'],
  ['EACCES', 'Access is denied. (os error 5)'],
  ['EPERM', 'Access is denied. (os error 5)'],
  ['EISDIR', 'Access is denied. (os error 5)'],
  ['EROFS', 'The media is write protected. (os error 19)'],
  ['EBUSY', 'The process cannot access the file because it is being used by another process. (os error 32)'],
  ['ENOSPC', 'There is not enough space on the disk. (os error 112)'],
  ['ENOTDIR', 'The directory name is invalid. (os error 267)'],
  ['UNKNOWN', 'Windows reports an error that Node does not know'],
  ['ESTALE', 'ESTALE'],
  [undefined, 'unknown error'],
])('on Windows %s has the text and the number of Windows', (code, text) => {
  expect(osErrorText(code, 'win32')).toBe(text);
});

test.each<[string | undefined, string]>([
  ['EACCES', `Permission denied (os error ${constants.errno.EACCES})`],
  ['EXDEV', `EXDEV (os error ${constants.errno.EXDEV})`],
  ['UNKNOWN', 'UNKNOWN'],
  [undefined, 'unknown error'],
])('on Linux %s has the text and the number of the C library', (code, text) => {
  expect(osErrorText(code, 'linux')).toBe(text);
});
