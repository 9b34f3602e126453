import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npmScript } from '../../../src/util/programs/npm-script.js';

/** As npm writes it. */
const text = readFileSync(
  new URL('../../support/processes/stand-in-codex.cmd', import.meta.url),
  'latin1',
).replace('stand-in-codex.mjs', 'node_modules\\@openai\\codex\\bin\\codex.js');

let folder = '';
let batchFile = '';
let script = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'npm-script-'));
  batchFile = join(folder, 'codex.cmd');
  script = join(folder, 'node_modules/@openai/codex/bin/codex.js');
  mkdirSync(join(script, '..'), { recursive: true });
  writeFileSync(script, '');
});

afterEach(() => rmSync(folder, { recursive: true }));

function scriptOf(content: string): ReturnType<typeof npmScript> {
  writeFileSync(batchFile, content);
  return npmScript(batchFile);
}

test('a batch file of npm starts its script with the node on PATH', () => {
  expect(scriptOf(text)).toEqual({ script });
});

test('a node beside the batch file goes first', () => {
  const node = join(folder, 'node.exe');
  writeFileSync(node, '');
  expect(scriptOf(text)).toEqual({ script, node });
});

test.each([
  ['is empty', ''],
  ['starts another program', '@other.exe %*\r\n'],
  ['gives node options', text.replace('"%_prog%"  ', '"%_prog%" --harmony ')],
  ['sets variables', text.replace('%_prog%"  ', '%_prog%"  "%X%" ')],
  ['starts another interpreter', text.replace('SET "_prog=node"', 'SET "_prog=deno"')],
  ['does more afterwards', `${text}@echo done\r\n`],
  ['names a script that is missing', text.replace('codex.js', 'missing.js')],
  ['names a script through a variable', text.replace('codex.js', '%X%.js')],
  ['is too long', `${'@rem\r\n'.repeat(4_000)}${text}`],
])('a batch file that %s is left to the interpreter', (_what, content) => {
  expect(scriptOf(content)).toBeUndefined();
});

test('a batch file that is missing is left to the interpreter', () => {
  expect(npmScript(batchFile)).toBeUndefined();
});
