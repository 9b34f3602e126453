import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSmallFile } from '../../../src/util/files/small-file.js';
import { casesOf, unixTest } from '../../support/unix-test.js';

let root = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'small-file-'));
  path = join(root, 'file');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test.each(['', 'x', 'ten bytes.'])('a file with %j is read', (text) => {
  writeFileSync(path, text);
  expect(readSmallFile(path, 10)).toEqual(Buffer.from(text));
});

unixTest('a symbolic link is followed', () => {
  writeFileSync(join(root, 'target'), 'text');
  symlinkSync('target', path);
  expect(readSmallFile(path, 10)).toEqual(Buffer.from('text'));
});

unixTest('a file whose size the system does not know is read', () => {
  expect(readSmallFile('/proc/self/status', 1024 * 1024).toString()).toMatch(/^Name:\t[^]*\n$/);
});

const refused: [what: string, code: string, make: () => unknown][] = [
  ['a longer file', 'EFBIG', () => writeFileSync(path, 'eleven byte')],
  [
    'a file of 1 TB',
    'EFBIG',
    () => {
      writeFileSync(path, '');
      truncateSync(path, 1e12);
    },
  ],
  ['a file of unknown size that is longer', 'EFBIG', () => symlinkSync('/proc/self/status', path)],
  ['a directory', 'EISDIR', () => mkdirSync(path)],
  ['a FIFO that nobody writes to', 'EINVAL', () => execFileSync('mkfifo', [path])],
  ['a device without end', 'EINVAL', () => symlinkSync('/dev/zero', path)],
  ['an empty device', 'EINVAL', () => symlinkSync('/dev/null', path)],
  ['a missing file', 'ENOENT', () => undefined],
  ['a link to itself', 'ELOOP', () => symlinkSync('file', path)],
];

test.each(casesOf(refused, ([what]) => !/unknown size|FIFO|device|link/.test(what)))(
  '%s is refused with %s',
  (_, code, make) => {
    make();
    expect(() => readSmallFile(path, 10)).toThrow(expect.objectContaining({ code }));
  },
);
