import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { casesOf } from '../unix-test.js';

const all: readonly (readonly [what: string, reason: string, make: (path: string) => void])[] = [
  ['is a directory', 'EISDIR', (path) => mkdirSync(path)],
  ['is a FIFO', 'EINVAL: not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['links to a device', 'EINVAL: not a regular file', (path) => symlinkSync('/dev/zero', path)],
  ['has more than 1 MiB', 'EFBIG: above 1 MiB', (path) => writeFileSync(path, ' '.repeat(1024 * 1024 + 1))],
];

/** Each makes a file at `path` that `readSmallFile` refuses. `reason` is part of the messages about it. */
export const unusableFiles = casesOf(all, ([what]) => !/FIFO|device/.test(what));
