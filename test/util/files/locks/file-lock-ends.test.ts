import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { becomesFree, isFree } from '../../../support/files/foreign-lock.js';
import { startScript } from '../../../support/processes/script-process.js';
import { holdingScript } from './holding-script.js';

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
const holding = holdingScript();

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
