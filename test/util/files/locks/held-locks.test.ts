import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileLocks, isSameFile, LockLostError } from '../../../../src/util/files/locks/file-lock.js';
import { createLog } from '../../../../src/util/log.js';
import { holdForeignLock, isFree } from '../../../support/files/foreign-lock.js';
import { unixTest } from '../../../support/unix-test.js';

const locks = createFileLocks({
  log: createLog({ level: 'off', nowMs: () => 0, write: () => undefined }),
  searchPath: process.env.PATH,
});

let root = '';
let folder = '';
let first = '';
let second = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'held-locks-'));
  folder = join(root, 'home');
  mkdirSync(folder);
  first = join(folder, 'auth.lock');
  second = join(folder, 'auth.json.lock');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Verifies both locks before and after `act`. */
function verifiedAround(act: () => void): Promise<void> {
  return locks.hold([first, second], (held) => {
    held.verify();
    act();
    held.verify();
  });
}

test('locks are held while nothing changes', () =>
  expect(verifiedAround(() => undefined)).resolves.toBeUndefined());

// Wine 8 lets no program remove or replace a locked file.
unixTest.each([
  ['is removed', () => rmSync(first)],
  ['is replaced', () => renameSync(second, first)],
  ['becomes a link to another file', () => replaceByLink()],
  ['is in a folder that is moved away', () => renameSync(folder, `${folder}-moved`)],
])('a lock is lost if its file %s', (_, act) =>
  expect(verifiedAround(act)).rejects.toBeInstanceOf(LockLostError),
);

function replaceByLink(): void {
  rmSync(second);
  symlinkSync('/dev/null', second);
}

unixTest('a lock file that is replaced during the wait is locked again', async () => {
  const elsewhere = await holdForeignLock(first);
  const done = locks.hold([first], (held) => {
    held.verify();
    return isFree(first);
  });
  await elsewhere.untilWaitedFor();
  writeFileSync(second, '');
  renameSync(second, first);
  await elsewhere.release();
  expect(await done).toBe(false);
});

const opened = { dev: 0x9abc_def0n, ino: 7n };

test.each([
  ['win32', { dev: 0x1234_5678_9abc_def0n, ino: 7n }, true],
  ['win32', { dev: 0x1234_5678_9abc_def1n, ino: 7n }, false],
  ['win32', { dev: 0x9abc_def0n, ino: 8n }, false],
  ['linux', { dev: 0x1234_5678_9abc_def0n, ino: 7n }, false],
] as const)('on %s the numbers %o are those of the open file: %s', (platform, named, isSame) => {
  expect(isSameFile(opened, named, platform)).toBe(isSame);
});
