import { PassThrough } from 'node:stream';
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
  const exitCode = await runDemo([], { stdout, stderr: new PassThrough(), env });
  const text = stdout.read() as string;
  expect(exitCode).toBe(0);
  expect(text).toContain(block.repeat(10));
});
