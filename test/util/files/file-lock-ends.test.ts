import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { becomesFree, isFree } from '../../support/foreign-lock.js';
import { builtModule, startScript } from '../../support/script-process.js';

let root = '';
let path = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-lock-ends-'));
  path = join(root, 'auth.lock');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Holds the lock until a line arrives on stdin. */
const holding = `
  import { once } from 'node:events';
  import { createFileLocks } from '${builtModule('util/files/file-lock.js')}';
  const locks = createFileLocks({ log: { warn: console.error }, searchPath: process.env.PATH });
  await locks.hold([process.argv[1]], async () => {
    console.log('held');
    await once(process.stdin, 'data');
    process.stdin.destroy();
  });
  console.log('released');
`;

test('a process that is killed leaves no lock', async () => {
  const script = startScript(holding, [path]);
  expect(await script.nextLine()).toBe('held');
  expect(isFree(path)).toBe(false);
  await script.kill();
  expect(await becomesFree(path)).toBe(true);
});

test('the process can exit after the lock is released', async () => {
  const script = startScript(holding, [path]);
  const exit = once(script.child, 'exit');
  await script.nextLine();
  script.child.stdin.write('\n');
  expect([await script.nextLine(), await exit]).toEqual(['released', [0, null]]);
});
