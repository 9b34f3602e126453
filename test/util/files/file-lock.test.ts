import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileLocks, type FileLocks } from '../../../src/util/files/file-lock.js';
import { createLog } from '../../../src/util/log.js';
import { untilWaitedFor } from '../../support/foreign-lock.js';
import { startCommand } from '../../support/script-process.js';

let root = '';
let first = '';
let second = '';
let logged: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'file-lock-'));
  first = join(root, 'auth.lock');
  second = join(root, 'auth.json.lock');
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
function isFree(path: string): boolean {
  return spawnSync('flock', ['--nonblock', path, 'true']).status === 0;
}

/** Starts another program that holds the lock until its input ends. */
async function lockElsewhere(path: string) {
  const holder = startCommand('flock', [path, 'sh', '-c', 'echo held; exec cat']);
  await holder.nextLine();
  return holder;
}

/** Lists the child processes, which wait for the locks. */
function children(): number[] {
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
    spawnSync('sh', ['-c', 'while flock --nonblock "$0" true; do :; done', first]);
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

  test('lock files are created with mode 0600, are not removed, and keep an existing mode', async () => {
    await createLocks().hold([first, second], () => undefined);
    const modes = () => [first, second].map((path) => statSync(path).mode & 0o777);
    const created = modes();
    chmodSync(first, 0o444);
    await createLocks().hold([first, second], () => undefined);
    expect({ created, kept: modes() }).toEqual({ created: [0o600, 0o600], kept: [0o444, 0o600] });
  });

  test('a lock file that cannot be created is an error, and no work is done', async () => {
    const lost = join(root, 'absent', 'auth.lock');
    const work = () => Promise.reject(new Error('work was done'));
    await expect(createLocks().hold([lost], work)).rejects.toMatchObject({ code: 'ENOENT', path: lost });
  });
});

test('a pipe in the place of a lock file is an error at once', async () => {
  spawnSync('mkfifo', [first]);
  const work = () => Promise.reject(new Error('work was done'));
  await expect(createLocks().hold([first], work)).rejects.toMatchObject({ code: 'EINVAL' });
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
    expect(spawnSync('flock', ['--timeout', '10', first, 'true']).status).toBe(0);
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
        `1970-01-01T00:00:00.000Z  WARN codex_account_server: cannot lock ${first}: ` +
          `${command} is not installed; going on without the lock\n`,
      ],
    });
  });

  test('a failing locking command does not stop the work', async () => {
    writeFileSync(join(root, 'flock'), '#!/bin/sh\nexit 71\n', { mode: 0o755 });
    expect(await createLocks(`${root}:/bin`).hold([first], () => 1)).toBe(1);
    expect(logged).toEqual([expect.stringContaining('flock ended with exit code 71')]);
  });

  test('no other process holds the lock', async () => {
    const seen = await createLocks().hold([first], () => ({ children: children(), isFree: isFree(first) }));
    expect(seen).toEqual({ children: [], isFree: false });
  });

  test('the wait continues when the process that waits for the lock is killed', async () => {
    const elsewhere = await lockElsewhere(first);
    const events: string[] = [];
    const done = createLocks().hold([first], () => {
      events.push('work');
    });
    await untilWaitedFor(first, 1);
    const [waiting] = children().filter((id) => id !== elsewhere.child.pid);
    process.kill(-waiting!, 'SIGKILL');
    while (children().includes(waiting!)) await new Promise((resolve) => setImmediate(resolve));
    await untilWaitedFor(first, 1);
    events.push('let go');
    elsewhere.child.stdin.end();
    await done;
    expect({ events, logged }).toEqual({ events: ['let go', 'work'], logged: [] });
  });

  test('the process that waits for the lock gets only PATH of the environment', async () => {
    const elsewhere = await lockElsewhere(first);
    const done = createLocks().hold([first], () => undefined);
    await untilWaitedFor(first, 1);
    const [waiting] = children().filter((id) => id !== elsewhere.child.pid);
    const environment = readFileSync(`/proc/${waiting}/environ`, 'utf8');
    elsewhere.child.stdin.end();
    await done;
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
