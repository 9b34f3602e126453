import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchFile } from '../../../src/util/files/watched-file.js';
import { builtModule, startScript } from '../../support/processes/script-process.js';

let root = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watched-file-'));
  path = join(root, 'file');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test('the content of an unchanged file is the same object', () => {
  writeFileSync(path, 'one');
  const file = watchFile(path);
  const first = file.read();
  expect(first).toEqual(Buffer.from('one'));
  expect(file.read()).toBe(first);
});

test('a missing file is the same object until it is created', () => {
  const file = watchFile(path);
  const first = file.read();
  expect(first).toEqual({ errorCode: 'ENOENT' });
  expect(file.read()).toBe(first);
  writeFileSync(path, 'one');
  expect(file.read()).toEqual(Buffer.from('one'));
});

test('a file that cannot be read is the same failure until it can be read', () => {
  writeFileSync(path, '');
  truncateSync(path, 1024 * 1024 + 1);
  const file = watchFile(path);
  const first = file.read();
  expect(first).toEqual({ errorCode: 'EFBIG' });
  expect(file.read()).toBe(first);
  writeFileSync(path, 'one');
  expect(file.read()).toEqual(Buffer.from('one'));
});

test('a directory has no content', () => {
  mkdirSync(path);
  expect(watchFile(path).read()).toEqual({ errorCode: 'EISDIR' });
});

test.each([
  ['its size', () => writeFileSync(path, 'longer')],
  ['its time', () => writeFileSync(path, 'two')],
  [
    'its inode',
    () => {
      writeFileSync(`${path}.new`, 'two');
      renameSync(`${path}.new`, path);
    },
  ],
])('a file is read again when %s has changed', (what, change) => {
  writeFileSync(path, 'one');
  utimesSync(path, 1, 1);
  const file = watchFile(path);
  file.read();
  change();
  if (what !== 'its time') utimesSync(path, 1, 1);
  expect(file.read()).toEqual(Buffer.from(what === 'its size' ? 'longer' : 'two'));
});

test('a removed file has no content', () => {
  writeFileSync(path, 'one');
  const file = watchFile(path);
  file.read();
  rmSync(path);
  expect(file.read()).toEqual({ errorCode: 'ENOENT' });
});

/** Reads a file five times that another program does not share. Prints the pauses and the contents. */
const readingInUse = `
  import { closeSync, openSync } from 'node:fs';
  import { watchFile } from '${builtModule('util/files/watched-file.js')}';
  const { wait } = Atomics;
  let pauses = 0;
  Atomics.wait = (...args) => { pauses += 1; return wait(...args); };
  const file = watchFile(process.argv[1]);
  const contents = new Set();
  const read = () => { const content = file.read(); contents.add(content.errorCode ?? content.toString()); };
  // UV_FS_O_EXLOCK of Windows; no flag of other systems.
  const holder = openSync(process.argv[1], 0x10000000);
  for (let count = 0; count < 5; count += 1) read();
  closeSync(holder);
  read();
  console.log(JSON.stringify({ pauses, contents: [...contents] }));
`;

test('a file that another program does not share is waited for once, and read when it lets go', async () => {
  writeFileSync(path, 'one');
  const isWindows = process.platform === 'win32';
  expect(JSON.parse(await startScript(readingInUse, [path]).nextLine())).toEqual({
    pauses: isWindows ? 100 : 0,
    contents: isWindows ? ['EBUSY', 'one'] : ['one'],
  });
});
