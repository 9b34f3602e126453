// The checks that run on each node. Every check returns the cell of its column, and its output if it failed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export const checks = {
  smoke: (node) => runTests(node, 'test/compat/matrix/smoke.test.ts'),
  package: (node) => runTests(node, 'test/package'),
  library: (node) => runTests(node, 'test/client/packed.test.ts', 'test/client/bundles.test.ts'),
  'damaged code cache': (node) => runTests(node, 'test/cli/start/code-cache.test.ts'),
  conformance: (node) => verdictOf(run(node, ['test/conformance/run.mjs'])),
  'cold poll, ms': coldPoll,
};

/** Runs tests. The test runner and all processes of the tests run on that node. */
function runTests(node, ...places) {
  return verdictOf(
    run(node, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...places]),
  );
}

function run(node, words, options = {}) {
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  const PATH = `${path.dirname(node)}:${process.env.PATH}`;
  return spawnSync(node, words, {
    cwd: root,
    encoding: 'utf8',
    env: { ...environment, PATH, NO_COLOR: '1' },
    ...options,
  });
}

/** Reads the number of passed tests from the last line that has one. */
function verdictOf({ status, stdout, stderr }) {
  const passed = [...stdout.matchAll(/\d+ passed/g)].at(-1)?.[0];
  return status === 0 && passed ? { cell: passed } : { cell: 'FAILED', output: stdout + stderr };
}

/** Measures the first poll, before there is a code cache: one start, one read, one end. */
function coldPoll(node, { codexHome }) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-account-server-matrix-'));
  const input = [
    { id: 1, method: 'initialize', params: { clientInfo: { name: 'matrix', version: '1' } } },
    { id: 2, method: 'account/rateLimits/read' },
  ];
  const beganMs = performance.now();
  const { status, stdout, stderr } = run(node, ['dist/main.cjs', 'app-server'], {
    input: input.map((message) => `${JSON.stringify(message)}\n`).join(''),
    env: { PATH: process.env.PATH, HOME: home, CODEX_HOME: codexHome },
  });
  const tookMs = performance.now() - beganMs;
  fs.rmSync(home, { recursive: true });
  const isAnswered = status === 0 && stderr === '' && stdout.includes('"limitId":"codex"');
  return isAnswered ? { cell: tookMs.toFixed(0) } : { cell: 'FAILED', output: stdout + stderr };
}
