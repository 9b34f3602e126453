import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from 'vitest';
import { stopWasmTiering } from '../../src/backend/wasm-tiering.js';

test.runIf(process.version.startsWith('v20.'))(
  'node 20 has the budget that stopping the tiering goes back to',
  () => {
    const options = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).stdout;
    const moved =
      "node's own budget is another one: put it into src/backend/wasm-tiering.ts, else no cached code is ever used";
    expect(options, moved).toContain('default: --wasm-tiering-budget=1800000');
  },
);

test('other versions of node are left alone', () => {
  const restore = stopWasmTiering('v22.1.0');
  expect(restore).not.toThrow();
});
