import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheIn, cacheVariables } from '../../support/files/cache-home.js';
import { withBuiltServer } from '../../support/processes/built-server.js';
import { casesOf, isUnixCase, unixTest } from '../../support/unix-test.js';

// A poll that saves its code removes unused files of the cache, and nothing else.

let cacheHome = '';
beforeEach(() => {
  cacheHome = mkdtempSync(join(tmpdir(), 'unused-code-'));
});
afterEach(() => rmSync(cacheHome, { recursive: true }));

const folder = (): string => cacheIn(cacheHome);
const cacheFiles = (): string[] => readdirSync(folder());

/** Runs one poll. Returns the files of the cache afterwards. */
async function poll(): Promise<string[]> {
  await withBuiltServer({ environment: cacheVariables(cacheHome) }, async ({ server }) => {
    await server.call(0, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    await server.call(1, 'account/rateLimits/read');
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
  return cacheFiles();
}

const oldName = 'program.cjs-v20.1.0-x64-100000-1700000000000-12345';
const oldCommandName = 'offline.cjs-usage-v24.1.0-x64-90000-1700000000000-12346';
const signature = 'codex-account-server code\n';

/** Writes a file that is 31 days old. */
function writeOld(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  age(path);
}

function age(path: string): void {
  const seconds = Date.now() / 1000 - 31 * 86_400;
  utimesSync(path, seconds, seconds);
}

test('old files of other versions and of killed processes are removed', async () => {
  mkdirSync(folder(), { mode: 0o700, recursive: true });
  writeOld(join(folder(), oldName), `${signature}code`);
  writeOld(join(folder(), `${oldName}.77`), signature.slice(0, 5));
  writeFileSync(join(folder(), `${oldName}.78`), signature, { mode: 0o600 });
  writeOld(join(folder(), oldCommandName), `${signature}code`);
  const kept = (await poll()).filter((name) => name.startsWith(oldName) || name === oldCommandName);
  expect(kept).toEqual([`${oldName}.78`]);
});

const others: [what: string, make: (path: string) => void][] = [
  ['whose name only resembles', () => writeOld(join(folder(), `${oldName}.bak`), signature)],
  ['with another beginning', (path) => writeOld(path, 'notes of the user')],
  [
    'that others can write to',
    (path) => {
      writeOld(path, signature);
      chmodSync(path, 0o666);
    },
  ],
  [
    'that is a folder',
    (path) => {
      mkdirSync(path);
      age(path);
    },
  ],
  [
    'that is a link',
    (path) => {
      writeOld(join(cacheHome, 'target'), signature);
      symlinkSync(join(cacheHome, 'target'), path);
    },
  ],
  ['that is a link to nothing', (path) => symlinkSync('/nowhere', path)],
];

test.each(casesOf(others, ([what]) => !isUnixCase(what)))('an old file %s stays', async (_what, make) => {
  mkdirSync(folder(), { mode: 0o700, recursive: true });
  make(join(folder(), oldName));
  const before = cacheFiles();
  const after = await poll();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(before.length + 1);
});

test.runIf(process.getuid?.() === 0)('an old file of another user stays', async () => {
  mkdirSync(folder(), { mode: 0o700, recursive: true });
  writeOld(join(folder(), oldName), signature);
  chownSync(join(folder(), oldName), 65534, 65534);
  expect(await poll()).toContain(oldName);
});

unixTest('nothing is written or removed in a folder behind a link', async () => {
  const target = join(cacheHome, 'elsewhere');
  mkdirSync(target, { mode: 0o700 });
  writeOld(join(target, oldName), signature);
  symlinkSync(target, folder());
  expect(await poll()).toEqual([oldName]);
});
