import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findReader, isRunning, noteReader } from '../../src/snapshot/reader.js';
import { shownMode } from '../support/files/shown-mode.js';
import { unixTest } from '../support/unix-test.js';

const key = { accountId: 'a', userId: 'u', baseUrl: 'https://example.com', supportsLunaReserve: false };
const nowMs = 1_000_000;

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'reader-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = (): string => join(home, 'account-server');
const path = (): string => join(folder(), readdirSync(folder())[0] ?? '');

test('a process is found while it runs, for a minute, and with its key only', () => {
  expect(findReader(home, key, nowMs)).toBeUndefined();
  noteReader(home, key, process.pid, nowMs);
  expect(findReader(home, key, nowMs)).toBe(process.pid);
  expect(findReader(home, key, nowMs + 59_999)).toBe(process.pid);
  expect(findReader(home, key, nowMs + 60_000)).toBeUndefined();
  expect(findReader(home, key, nowMs - 1)).toBeUndefined();
  expect(findReader(home, { ...key, userId: 'other' }, nowMs)).toBeUndefined();
  expect(statSync(path()).mode & 0o777).toBe(shownMode(0o600));
});

test('a process that has ended is not found', () => {
  noteReader(home, key, spawnSync(process.execPath, ['-e', '']).pid, nowMs);
  expect(findReader(home, key, nowMs)).toBeUndefined();
});

test.each(['', 'x', '1', '-5 1000000', '0 1000000', '99999999999 1000000', '1 1000000 1'])(
  'the text %j is ignored',
  (text) => {
    noteReader(home, key, process.pid, nowMs);
    writeFileSync(path(), text);
    expect(findReader(home, key, nowMs)).toBeUndefined();
  },
);

unixTest('a folder that others can write to is neither read nor written', () => {
  noteReader(home, key, process.pid, nowMs);
  rmSync(folder(), { recursive: true });
  mkdirSync(folder());
  spawnSync('chmod', ['777', folder()]);
  noteReader(home, key, process.pid, nowMs);
  expect(readdirSync(folder())).toEqual([]);
  expect(findReader(home, key, nowMs)).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a process that nobody has waited for does not run', async () => {
  const script = `import os, sys
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, flush=True)
sys.stdin.read()`;
  const parent = spawn('python3', ['-c', script]);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  expect(isRunning(Number(line.toString()))).toBe(false);
  parent.stdin.end();
  await once(parent, 'exit');
});
