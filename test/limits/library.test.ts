import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import '../support/processes/built-server.js';

/** Bundles a program that uses `codex-account-server/limits`, as for a webview. A module of node is an error. */
async function bundle(program: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: '.' },
    alias: { 'codex-account-server/limits': './dist/limits.mjs' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) };
}

test('codex-account-server/limits runs where there is no module of node, and is small', async () => {
  const { text, inputs } = await bundle(`import * as limits from 'codex-account-server/limits';
    globalThis.names = limits.listWindows({
      primary: { usedPercent: 42, windowDurationMins: 299, resetsAt: 4e9 },
      secondary: { usedPercent: 7, windowDurationMins: 10_080, resetsAt: 1 },
    }).map(({ name, usedPercent }) => [name, usedPercent]);
    globalThis.all = Object.keys(limits).length;`);
  const page: { names?: unknown; all?: number } = {};
  runInNewContext(text, page);
  expect({ inputs, names: page.names }).toEqual({
    inputs: ['dist/limits.mjs', '<stdin>'],
    names: [
      ['5 hours', 42],
      ['week', null],
    ],
  });
  expect(page.all).toBeGreaterThan(10);
  expect(text.length).toBeLessThan(9_000);
});

test('a bundle has only the functions that it uses', async () => {
  const { text } = await bundle(`import { windowName } from 'codex-account-server/limits';
    globalThis.name = windowName(300);`);
  expect(text.length).toBeLessThan(900);
});
