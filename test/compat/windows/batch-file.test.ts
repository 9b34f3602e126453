import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtProgram } from '../../support/processes/stand-in-codex.js';
import { createClient } from '../../../src/client/client.js';

const standInPath = fileURLToPath(new URL('../../client/connection/stand-in.mjs', import.meta.url));

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'batch-file-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Starts `codex` by its name, which is a batch file, and returns how often the stand-in has been started. */
async function startsOf(folderName: string): Promise<number> {
  const folder = join(root, folderName);
  mkdirSync(folder);
  // As those of npm, with a script for other systems beside it.
  writeFileSync(join(folder, 'codex.cmd'), `@"${process.execPath}" %*\r\n`);
  writeFileSync(join(folder, 'codex'), '#!/bin/sh\nexit 1\n');
  const starts = join(folder, 'starts');
  const client = createClient({
    clientInfo: { name: 'test', version: '1.0.0' },
    command: 'codex',
    args: [standInPath, 'none', starts],
    env: { Path: folder, ComSpec: process.env.ComSpec, SystemRoot: process.env.SystemRoot },
  });
  try {
    await client.request('account/rateLimits/read', {}, { maxRetries: 0 });
    return statSync(starts).size;
  } finally {
    await client.close();
  }
}

test.each(['bin', 'with blanks', 'a&b', 'a^b (c)', 'a!b,c=d', 'größe'])(
  'a batch file in the folder %j is found by its name and gets its arguments unchanged',
  async (folderName) => expect(await startsOf(folderName)).toBe(1),
);

const plain = `@"${process.execPath}" "%~dp0print.mjs" %*\r\n`;
const ofNpm = readFileSync(
  new URL('../../support/processes/stand-in-codex.cmd', import.meta.url),
  'latin1',
).replace('stand-in-codex.mjs', 'print.mjs');

test.each([
  ['a batch file', plain, ''],
  ['a batch file of npm', ofNpm, dirname(process.execPath)],
])('another command goes to %s that auto finds, with its arguments unchanged', async (_what, text, more) => {
  const args = ['exec', 'two  blanks', '', '"quoted"', 'a&b|c ^ !d! \\', 'ünï 🦀', '*', '--'];
  writeFileSync(join(root, 'print.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)));');
  writeFileSync(join(root, 'codex.cmd'), text);
  writeFileSync(join(root, 'codex'), '#!/bin/sh\nexit 1\n');
  const child = spawn(process.execPath, [builtProgram, '--upstream', 'auto', ...args], {
    env: {
      Path: [root, more].join(delimiter),
      ComSpec: process.env.ComSpec,
      SystemRoot: process.env.SystemRoot,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'close'),
  ]);
  expect([stderr, JSON.parse(stdout)]).toEqual(['', args]);
});
