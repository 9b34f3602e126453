import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdForeignLock, isFree, untilWaitedFor } from '../../../support/files/foreign-lock.js';
import { startScript } from '../../../support/processes/script-process.js';
import { holdingScript } from './holding-script.js';
import { eachWithLockFiles, type LockFiles } from './lock-fixture.js';

let { root, first, second, logged, createLocks } = {} as LockFiles;
eachWithLockFiles((files) => ({ root, first, second, logged, createLocks } = files));

/** Lists the child processes, which wait for the locks. */
function children(): number[] {
  const ids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return ids.split(' ').filter(Boolean).map(Number);
}

test('a pipe in the place of a lock file is an error at once', async () => {
  spawnSync('mkfifo', [first]);
  const work = () => Promise.reject(new Error('work was done'));
  await expect(createLocks().hold([first], work)).rejects.toMatchObject({ code: 'EINVAL' });
});

describe('the locking command', () => {
  test('without the locking command the work is done, with one warning', async () => {
    const locks = createLocks(root);
    const results = [await locks.hold([first], () => 1), await locks.hold([second], () => 2)];
    expect({ results, logged }).toEqual({
      results: [1, 2],
      logged: [
        `1970-01-01T00:00:00.000Z  WARN codex_account_server: cannot lock ${first}: ` +
          'flock is not installed; going on without the lock\n',
      ],
    });
  });

  test('a failing locking command does not stop the work', async () => {
    writeFileSync(join(root, 'flock'), '#!/bin/sh\nexit 71\n', { mode: 0o755 });
    expect(await createLocks(`${root}:/bin`).hold([first], () => 1)).toBe(1);
    expect(logged).toEqual([
      expect.stringContaining('the file system cannot lock files (flock ended with exit code 71)'),
    ]);
  });

  test('no other process holds the lock', async () => {
    const seen = await createLocks().hold([first], () => ({ children: children(), isFree: isFree(first) }));
    expect(seen).toEqual({ children: [], isFree: false });
  });

  test('the wait continues when the process that waits for the lock is killed', async () => {
    const elsewhere = await holdForeignLock(first);
    const events: string[] = [];
    const done = createLocks().hold([first], () => {
      events.push('work');
    });
    await untilWaitedFor(first, 1);
    const [waiting] = children().filter((id) => id !== elsewhere.pid);
    process.kill(-waiting!, 'SIGKILL');
    while (children().includes(waiting!)) await new Promise((resolve) => setImmediate(resolve));
    await untilWaitedFor(first, 1);
    events.push('let go');
    const released = elsewhere.release();
    await done;
    await released;
    expect({ events, logged }).toEqual({ events: ['let go', 'work'], logged: [] });
  });

  test('the process that waits for the lock gets only PATH of the environment', async () => {
    const elsewhere = await holdForeignLock(first);
    const done = createLocks().hold([first], () => undefined);
    await untilWaitedFor(first, 1);
    const [waiting] = children().filter((id) => id !== elsewhere.pid);
    const environment = readFileSync(`/proc/${waiting}/environ`, 'utf8');
    const released = elsewhere.release();
    await done;
    await released;
    expect(environment).toBe(`PATH=${process.env.PATH}\0`);
  });
});

test('no processes and no file descriptors are left', async () => {
  const locks = createLocks();
  const open = () => readdirSync('/proc/self/fd').length;
  await locks.hold([first], () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  const before = open();
  for (let time = 0; time < 10; time += 1) await locks.hold([first, second], () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect({ open: open(), children: children() }).toEqual({ open: before, children: [] });
});

/** Holds the lock until a line arrives on stdin. */
const holding = holdingScript("process.on('SIGINT', () => console.log('interrupted'));");

test('Ctrl-C in the terminal, which reaches the whole process group, does not release the lock', async () => {
  const script = startScript(holding, [first], true);
  expect(await script.nextLine()).toBe('held');
  process.kill(-script.child.pid!, 'SIGINT');
  expect(await script.nextLine()).toBe('interrupted');
  expect(isFree(first)).toBe(false);
});
