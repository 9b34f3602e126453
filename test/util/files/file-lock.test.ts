import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileLocks, type FileLocks, type LockFile } from '../../../src/util/files/file-lock.js';
import { createLog } from '../../../src/util/log.js';
import { untilWaitedFor } from '../../support/foreign-lock.js';
import { startCommand } from '../../support/script-process.js';

let root = '';
let first: LockFile;
let second: LockFile;
let logged: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-lock-'));
  first = { path: join(root, 'auth.lock'), mode: 0o644 };
  second = { path: join(root, 'auth.json.lock'), mode: 0o600 };
  logged = [];
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function createLocks(searchPath = process.env.PATH): FileLocks {
  const log = createLog({ level: 'debug', nowMs: () => 0, write: (line) => logged.push(line) });
  return createFileLocks({ log, searchPath });
}

/** Returns whether flock(1) finds the file unlocked. */
function isFree({ path }: LockFile): boolean {
  return spawnSync('flock', ['--nonblock', path, 'true']).status === 0;
}

/** Starts another program that holds the lock until its input ends. */
async function lockElsewhere({ path }: LockFile) {
  const holder = startCommand('flock', [path, 'sh', '-c', 'echo held; exec cat']);
  await holder.nextLine();
  return holder;
}

/** Lists the child processes, which hold the locks. */
function holders(): number[] {
  const ids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return ids.split(' ').filter(Boolean).map(Number);
}

describe('the lock', () => {
  test('flock(1) sees every lock while it is held, and none afterwards', async () => {
    const seen = await createLocks().hold([first, second], () => [isFree(first), isFree(second)]);
    expect({ seen, after: [isFree(first), isFree(second)], logged }).toEqual({
      seen: [false, false],
      after: [true, true],
      logged: [],
    });
  });

  test('work begins when another program releases the lock', async () => {
    const elsewhere = await lockElsewhere(second);
    const events: string[] = [];
    const done = createLocks().hold([first, second], () => {
      events.push('work');
    });
    // The first lock is held, so the wait for the second has begun.
    spawnSync('sh', ['-c', 'while flock --nonblock "$0" true; do :; done', first.path]);
    events.push('let go');
    elsewhere.child.stdin.end();
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

  test('lock files are created with their modes, are not removed, and keep an existing mode', async () => {
    await createLocks().hold([first, second], () => undefined);
    const modes = () => [first, second].map(({ path }) => statSync(path).mode & 0o777);
    const created = modes();
    chmodSync(first.path, 0o444);
    await createLocks().hold([first, second], () => undefined);
    expect({ created, kept: modes() }).toEqual({ created: [0o644, 0o600], kept: [0o444, 0o600] });
  });

  test('a lock file that cannot be created is an error, and no work is done', async () => {
    const lost = { path: join(root, 'absent', 'auth.lock'), mode: 0o644 };
    const work = () => Promise.reject(new Error('work was done'));
    await expect(createLocks().hold([lost], work)).rejects.toMatchObject({ code: 'ENOENT', path: lost.path });
  });
});

describe('an abort', () => {
  test('an abort ends the wait with its reason, and releases the locks that were held', async () => {
    await lockElsewhere(second);
    const controller = new AbortController();
    const work = () => Promise.reject(new Error('work was done'));
    const waiting = createLocks().hold([first, second], work, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(spawnSync('flock', ['--timeout', '10', first.path, 'true']).status).toBe(0);
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

describe('the locking command', () => {
  test('without the locking command the work is done, with one warning', async () => {
    const locks = createLocks(root);
    const results = [await locks.hold([first], () => 1), await locks.hold([second], () => 2)];
    const command = process.platform === 'darwin' ? 'lockf' : 'flock';
    expect({ results, logged }).toEqual({
      results: [1, 2],
      logged: [
        `1970-01-01T00:00:00.000Z  WARN codex_account_server: cannot lock ${first.path}: ` +
          `${command} is not installed; going on without the lock\n`,
      ],
    });
  });

  test('a failing locking command does not stop the work', async () => {
    writeFileSync(join(root, 'flock'), '#!/bin/sh\nexit 71\n', { mode: 0o755 });
    expect(await createLocks(`${root}:/bin`).hold([first], () => 1)).toBe(1);
    expect(logged).toEqual([expect.stringContaining('flock ended with exit code 71')]);
  });

  test('work continues when the process that holds the lock is killed', async () => {
    const result = await createLocks().hold([first], async () => {
      for (const id of holders()) process.kill(-id, 'SIGKILL');
      spawnSync('flock', ['--timeout', '10', first.path, 'true']);
      await new Promise((resolve) => setImmediate(resolve));
      return 'done';
    });
    expect({ result, logged, holders: holders() }).toEqual({ result: 'done', logged: [], holders: [] });
  });

  test('the wait continues when the process that waits for the lock is killed', async () => {
    const elsewhere = await lockElsewhere(first);
    const events: string[] = [];
    const done = createLocks().hold([first], () => {
      events.push('work');
    });
    await untilWaitedFor(first.path, 1);
    const [waiting] = holders().filter((id) => id !== elsewhere.child.pid);
    process.kill(-waiting!, 'SIGKILL');
    while (holders().includes(waiting!)) await new Promise((resolve) => setImmediate(resolve));
    await untilWaitedFor(first.path, 1);
    events.push('let go');
    elsewhere.child.stdin.end();
    await done;
    expect({ events, logged }).toEqual({ events: ['let go', 'work'], logged: [] });
  });

  test('the process that holds the lock gets only PATH of the environment', async () => {
    const environments = await createLocks().hold([first], () =>
      holders().map((id) => readFileSync(`/proc/${id}/environ`, 'utf8')),
    );
    expect(environments).toEqual([`PATH=${process.env.PATH}\0`]);
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
  expect({ open: open(), holders: holders() }).toEqual({ open: before, holders: [] });
});
