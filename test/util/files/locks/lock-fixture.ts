import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createFileLocks, type FileLocks } from '../../../../src/util/files/locks/file-lock.js';
import { createLog } from '../../../../src/util/log.js';

/** Two lock files in a folder of the test, and the lines that locks have logged. */
export interface LockFiles {
  readonly root: string;
  readonly first: string;
  readonly second: string;
  readonly logged: readonly string[];
  createLocks(searchPath?: string): FileLocks;
}

/** Calls `setUp` before each test of the file, with a new folder. */
export function eachWithLockFiles(setUp: (files: LockFiles) => void): void {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'file-lock-'));
    const logged: string[] = [];
    setUp({
      root,
      first: join(root, 'auth.lock'),
      second: join(root, 'auth.json.lock'),
      logged,
      createLocks(searchPath = process.env.PATH) {
        const log = createLog({ level: 'debug', nowMs: () => 0, write: (line) => logged.push(line) });
        return createFileLocks({ log, searchPath });
      },
    });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
}
