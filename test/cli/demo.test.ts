import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runDemo } from '../../src/cli/demo.js';

// The demo starts the program that it is part of.
const ownProgram = process.argv[1] ?? '';
beforeEach(() => {
  process.argv[1] = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
});
afterEach(() => {
  process.argv[1] = ownProgram;
});

test.each([
  [{ LANG: 'en_GB.UTF-8' }, '█'],
  [{ LANG: 'C' }, '#'],
])('with the environment %j its bars are of %s', async (env, block) => {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const untilStopped = new Promise<void>(() => undefined);
  const exitCode = await runDemo([], { stdout, stderr: new PassThrough(), env, untilStopped });
  const shown = stdout.read() as string;
  expect(exitCode).toBe(0);
  expect(shown).toContain(block.repeat(10));
});

test.each([
  ['read no more', (child: ChildProcess) => child.stdout?.destroy(), 0],
  ['stopped', (child: ChildProcess) => child.kill('SIGINT'), 1],
])('a demo that is %s leaves nothing behind', async (_, disturb, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'codex-account-server-demo-'));
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'demo'], {
    env: { PATH: process.env.PATH, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr);
  await once(child.stdout, 'data');
  disturb(child);
  await once(child, 'exit');
  expect([child.exitCode, child.signalCode, await errors, readdirSync(folder)]).toEqual([code, null, '', []]);
  rmSync(folder, { recursive: true });
});
