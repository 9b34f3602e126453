import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from 'vitest';
import { withBuiltServer } from '../support/built-server.js';

const isNode20 = process.version.startsWith('v20.');

/** Has the server say on stderr which flags it gives to V8. */
const told = `import v8 from 'node:v8';
  const set = v8.setFlagsFromString;
  v8.setFlagsFromString = (flags) => { console.error(flags); set(flags); };`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(told)}`;

/** What V8 is told in a session of so many reads. */
async function flagsOf(reads: number, disabled: string): Promise<string> {
  let stderr = '';
  const environment = { NODE_OPTIONS, CODEX_ACCOUNT_SERVER_DISABLE: `code-cache,${disabled}` };
  await withBuiltServer({ environment }, async ({ server }) => {
    await server.call('init', 'initialize', { clientInfo: { name: 'test', version: '1' } });
    for (let id = 1; id <= reads; id += 1) await server.call(id, 'account/rateLimits/read');
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    stderr = server.stderr();
  });
  return stderr.trim();
}

const flag = '--interrupt-budget=3000';

test.each([
  [1, '', ''],
  [5, '', ''],
  [6, '', isNode20 ? flag : ''],
  [12, '', isNode20 ? flag : ''],
  [12, 'early-optimization', ''],
])('after %i reads, with %j switched off, V8 is told %j', async (reads, disabled, flags) => {
  expect(await flagsOf(reads, disabled)).toBe(flags);
});

test.runIf(isNode20)('node 20 has the flag that we know, with the default that we lower', () => {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  const moved = 'V8 has moved its flag: see src/cli/early-optimization.ts';
  expect(stdout, moved).toMatch(/--interrupt-budget \(.*\n +type: int +default: --interrupt-budget=67584\n/);
});
