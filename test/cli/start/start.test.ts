import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import { cacheVariables } from '../../support/files/cache-home.js';
import { startBuiltServer, stopServer } from '../../support/processes/built-server.js';

/** Runs polls that share a cache of compiled code. Each runs the script first. Returns the stderr of each poll. */
async function poll(
  times: number,
  script: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const cache = mkdtempSync(join(tmpdir(), 'start-'));
  const backend = await startDevBackend();
  const home = createDevHome({ backendUrl: backend.url });
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(script)}`;
  const written: string[] = [];
  try {
    for (let count = 0; count < times; count += 1) {
      const server = startBuiltServer({
        environment: { CODEX_HOME: home.path, ...cacheVariables(cache), NODE_OPTIONS, ...environment },
      });
      try {
        await server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
        await server.call(2, 'account/rateLimits/read');
        server.child.stdin.end();
        expect(await server.exited).toEqual({ code: 0, signal: null });
        written.push(server.stderr().trim());
      } finally {
        await stopServer(server);
      }
    }
  } finally {
    await backend.close();
    home.remove();
    rmSync(cache, { recursive: true });
  }
  return written;
}

test('a poll does not load the modules of node that take long to load', async () => {
  const [loaded] = await poll(
    1,
    `const before = new Set(process.moduleLoadList);
    process.on('exit', () => console.error(JSON.stringify(
      process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.split(' ')[1]))));`,
  );
  const names = JSON.parse(loaded ?? '') as string[];
  // It does load this one, so that the list is not empty for another reason.
  expect(names).toContain('net');
  // undici would load node:assert, node:http and node:http2, and the prompts of `redeem` node:readline.
  const slow = [
    ...['assert', 'child_process', 'crypto', 'http', 'http2', 'https'],
    ...['readline', 'tls', 'worker_threads', 'zlib'],
    // Has the version of Windows, which the user agent names.
    ...(process.platform === 'win32' ? [] : ['os']),
  ];
  expect(names.filter((name) => slow.includes(name))).toEqual([]);
});

describe('V8 optimizes WebAssembly later', () => {
  const flag = '--wasm-tiering-budget=1000000000';
  const printFlags = `import v8 from 'node:v8';
    const set = v8.setFlagsFromString;
    v8.setFlagsFromString = (flags) => { console.error(flags); set(flags); };`;

  test('in each process that does not save compiled code', async () => {
    expect(await poll(3, printFlags)).toEqual(['', flag, flag]);
  });

  test('if the cache of compiled code is disabled', async () => {
    const environment = { CODEX_ACCOUNT_SERVER_DISABLE: 'code-cache' };
    expect(await poll(1, printFlags, environment)).toEqual([flag]);
  });

  test('if the cache folder cannot be created', async () => {
    const file = cacheVariables(fileURLToPath(import.meta.url));
    expect(await poll(1, printFlags, file)).toEqual([flag]);
  });

  test('with a flag that this V8 has', () => {
    const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
    expect(stdout).toMatch(/--wasm-tiering-budget \(budget for dynamic tiering.*\r?\n +type: int +default: /);
  });
});
