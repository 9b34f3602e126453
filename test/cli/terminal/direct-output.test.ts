import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import '../../support/processes/built-server.js';

const node = process.execPath;
const words = ['dist/main.cjs', 'completion', 'bash'];
const expected = spawnSync(node, words, { encoding: 'utf8' }).stdout;

test('all of a text arrives through a pipe that is full and does not block', () => {
  const fill = `import fs from 'node:fs';
    const { writeSync } = fs;
    let hasRoom = true;
    fs.writeSync = (descriptor, bytes) => {
      if (!hasRoom) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
      hasRoom = false;
      return writeSync(descriptor, bytes, 0, 10);
    };`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fill)}`;
  const { stdout, stderr, status } = spawnSync(node, words, { encoding: 'utf8', env: { NODE_OPTIONS } });
  expect([stdout, stderr, status]).toEqual([expected, '', 0]);
});

test('all of a text is written to a file', () => {
  const path = join(tmpdir(), `direct-output-${process.pid}`);
  const file = openSync(path, 'w');
  try {
    const { status } = spawnSync(node, words, { stdio: ['ignore', file, 'inherit'] });
    expect([status, readFileSync(path, 'utf8')]).toEqual([0, expected]);
  } finally {
    closeSync(file);
    rmSync(path);
  }
});

test('a text whose reader has gone is not a failure', async () => {
  const child = spawn(node, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [[code], errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  expect([code, errors]).toEqual([0, '']);
});

test.runIf(process.platform === 'linux')('a text that cannot be written is a failure', () => {
  const full = openSync('/dev/full', 'w');
  try {
    const { status, stderr } = spawnSync(node, words, {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^codex-account-server completion: cannot write: ENOSPC/);
  } finally {
    closeSync(full);
  }
});
