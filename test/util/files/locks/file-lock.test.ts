import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomesFree, holdForeignLock, isFree } from '../../../support/files/foreign-lock.js';
import { startScript } from '../../../support/processes/script-process.js';
import { shownMode } from '../../../support/files/shown-mode.js';
import { eachWithLockFiles, type LockFiles } from './lock-fixture.js';

let { root, first, second, logged, createLocks } = {} as LockFiles;
eachWithLockFiles((files) => ({ root, first, second, logged, createLocks } = files));

describe('the lock', () => {
  test('another program sees every lock while it is held, and none afterwards', async () => {
    const seen = await createLocks().hold([first, second], () => [isFree(first), isFree(second)]);
    expect({ seen, after: [isFree(first), isFree(second)], logged }).toEqual({
      seen: [false, false],
      after: [true, true],
      logged: [],
    });
  });

  test('work begins when another program releases the lock', async () => {
    const elsewhere = await holdForeignLock(second);
    const events: string[] = [];
    const done = createLocks().hold([first, second], () => {
      events.push('work');
    });
    await elsewhere.untilWaitedFor();
    events.push('let go');
    await elsewhere.release();
    await done;
    expect(events).toEqual(['let go', 'work']);
  });

  test('two callers in one process take turns', async () => {
    const locks = createLocks();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} out`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => locks.hold([first], work(name))));
    const turns = [events.slice(0, 2), events.slice(2, 4), events.slice(4, 6)];
    expect(turns.toSorted()).toEqual([
      ['a in', 'a out'],
      ['b in', 'b out'],
      ['c in', 'c out'],
    ]);
  });

  test('another program can open a file that is locked, as Codex does before it waits', async () => {
    const opening = `(await import('node:fs')).openSync(process.argv[1], 'r+'); console.log('open')`;
    await createLocks().hold([first], async () => {
      const other = startScript(opening, [first]);
      expect(await other.nextLine()).toBe('open');
      await other.kill();
    });
  });

  test('lock files are created with mode 0600, are not removed, and keep an existing mode', async () => {
    await createLocks().hold([first, second], () => undefined);
    const modes = () => [first, second].map((path) => statSync(path).mode & 0o777);
    const created = modes();
    chmodSync(first, 0o444);
    await createLocks().hold([first, second], () => undefined);
    expect({ created, kept: modes() }).toEqual({
      created: [shownMode(0o600), shownMode(0o600)],
      kept: [0o444, shownMode(0o600)],
    });
  });

  test('a lock file that cannot be created is an error, and no work is done', async () => {
    const lost = join(root, 'absent', 'auth.lock');
    const work = () => Promise.reject(new Error('work was done'));
    await expect(createLocks().hold([lost], work)).rejects.toMatchObject({ code: 'ENOENT', path: lost });
  });
});

describe('an abort', () => {
  test('an abort ends the wait with its reason, and releases the locks that were held', async () => {
    const elsewhere = await holdForeignLock(second);
    const controller = new AbortController();
    const work = () => Promise.reject(new Error('work was done'));
    const waiting = createLocks().hold([first, second], work, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await becomesFree(first)).toBe(true);
    await elsewhere.release();
  });

  test('an earlier abort starts nothing', async () => {
    const work = () => Promise.reject(new Error('work was done'));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(createLocks().hold([first], work, { signal })).rejects.toThrow('enough');
    expect(readdirSync(root)).toEqual([]);
  });
});

test('an error of the work is thrown, and the lock is released', async () => {
  const work = () => Promise.reject(new Error('no luck'));
  await expect(createLocks().hold([first], work)).rejects.toThrow('no luck');
  expect(isFree(first)).toBe(true);
});
