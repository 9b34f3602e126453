import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BuiltServer, startBuiltServer, stopServer } from '../../support/processes/built-server.js';
import { createDevHome, type DevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { cacheIn, cacheVariables } from '../../support/files/cache-home.js';
import { shownMode } from '../../support/files/shown-mode.js';
import { unixTest } from '../../support/unix-test.js';

let cacheHome = '';
let backend: DevBackend;
let home: DevHome;

beforeEach(async () => {
  cacheHome = mkdtempSync(join(tmpdir(), 'code-cache-'));
  backend = await startDevBackend();
  home = createDevHome({ backendUrl: backend.url });
});

afterEach(async () => {
  await backend.close();
  home.remove();
  rmSync(cacheHome, { recursive: true });
});

const folder = (): string => cacheIn(cacheHome);

function start(environment: Readonly<Record<string, string>> = {}): BuiltServer {
  return startBuiltServer({
    environment: { CODEX_HOME: home.path, HOME: cacheHome, ...cacheVariables(cacheHome), ...environment },
  });
}

/** Runs one poll as a status bar does. Returns the files of the cache afterwards. */
function poll(environment?: Readonly<Record<string, string>>): Promise<string[]> {
  return readTimes(1, environment);
}

/** Runs a session with several reads, as an editor does. Returns the files of the cache afterwards. */
async function readTimes(count: number, environment?: Readonly<Record<string, string>>): Promise<string[]> {
  const server = start(environment);
  try {
    await server.call(0, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    for (let id = 1; id <= count; id += 1) {
      const { rateLimits } = await server.call(id, 'account/rateLimits/read');
      expect(rateLimits.limitId).toBe('codex');
    }
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
  } finally {
    await stopServer(server);
  }
  return cacheFiles();
}

function cacheFiles(): string[] {
  try {
    return readdirSync(folder());
  } catch {
    return [];
  }
}

async function cachedFile(): Promise<string> {
  const [name = ''] = await poll();
  return join(folder(), name);
}

test('the first poll saves the compiled code, readable for its owner only', async () => {
  const path = await cachedFile();
  expect(path).toMatch(new RegExp(`program\\.cjs-appServer-${process.version}-${process.arch}-`));
  expect(statSync(path).mode & 0o777).toBe(shownMode(0o600));
  expect(statSync(folder()).mode & 0o777).toBe(shownMode(0o700));
});

test('the next poll uses it and does not write it again', async () => {
  const path = await cachedFile();
  const { mtimeMs, ino } = statSync(path);
  await poll();
  expect(statSync(path)).toMatchObject({ mtimeMs, ino });
});

test('the next process can use the code that a session of several reads saved', async () => {
  const [name = ''] = await readTimes(12);
  const { mtimeMs, ino } = statSync(join(folder(), name));
  await poll();
  expect(statSync(join(folder(), name))).toMatchObject({ mtimeMs, ino });
});

test('the cache contains no secret', async () => {
  const text = readFileSync(await cachedFile(), 'latin1');
  const { tokens } = JSON.parse(readFileSync(join(home.path, 'auth.json'), 'utf8')) as { tokens: object };
  const secrets = [...Object.values(tokens), 'dev@example.com', home.path].filter((secret) =>
    text.includes(String(secret)),
  );
  expect(secrets).toEqual([]);
});

test('CODEX_ACCOUNT_SERVER_DISABLE=code-cache turns it off', async () => {
  expect(await poll({ CODEX_ACCOUNT_SERVER_DISABLE: 'code-cache' })).toEqual([]);
});

test.each<[string, (path: string) => void]>([
  ['empty', (path) => truncateSync(path, 0)],
  ['torn in the first copy', (path) => truncateSync(path, Math.floor(statSync(path).size / 3))],
  ['torn in the second copy', (path) => truncateSync(path, statSync(path).size - 100)],
  ['short of its last byte', (path) => truncateSync(path, statSync(path).size - 1)],
  ['full of zeros', (path) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
  ['of another kind', (path) => writeFileSync(path, 'something else')],
  ['flipped in its first bytes', (path) => flip(path, 40)],
  ['flipped in the middle of the first copy', (path) => flip(path, Math.floor(statSync(path).size / 4))],
  ['flipped in the second copy', (path) => flip(path, Math.floor((statSync(path).size * 3) / 4))],
  ['of another V8', (path) => foreign(path, 4)],
  ['of a V8 with other flags', (path) => foreign(path, 12)],
])('a cache that is %s is replaced by a good one', async (_what, damage) => {
  const path = await cachedFile();
  damage(path);
  const { ino } = statSync(path);
  await poll();
  const replaced = statSync(path);
  await poll();
  expect(replaced.ino).not.toBe(ino);
  expect(statSync(path).ino).toBe(replaced.ino);
});

unixTest.each<[string, (path: string) => void]>([
  ['others may write to', (path) => chmodSync(path, 0o666)],
  ['lies in a folder that others may write to', () => chmodSync(folder(), 0o777)],
])('a cache that %s is not used', async (_what, open) => {
  const path = await cachedFile();
  flip(path, 40);
  open(path);
  await poll();
});

test('polls work if the folder cannot be created', async () => {
  const path = join(cacheHome, 'codex-account-server');
  writeFileSync(path, 'a file');
  await poll();
  expect(readFileSync(path, 'utf8')).toBe('a file');
});

test('polls work if the folder cannot be written to', async () => {
  mkdirSync(folder(), { mode: 0o700, recursive: true });
  chmodSync(cacheHome, 0o500);
  await poll();
  chmodSync(cacheHome, 0o700);
});

unixTest('polls work if not even root can create the folder', async () => {
  expect(await poll({ XDG_CACHE_HOME: '/sys' })).toEqual([]);
});

test.runIf(process.getuid?.() === 0)('a cache in a folder of another user is not used', async () => {
  const path = await cachedFile();
  flip(path, 40);
  chownSync(folder(), 65534, 65534);
  await poll();
});

test('processes that run at the same time leave one undamaged file', async () => {
  await Promise.all([poll(), poll(), poll(), poll()]);
  const files = cacheFiles();
  expect(files).toHaveLength(1);
  const { ino } = statSync(join(folder(), files[0] ?? ''));
  await poll();
  expect(statSync(join(folder(), files[0] ?? '')).ino).toBe(ino);
});

function flip(path: string, position: number): void {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(position) ^ 0x55, position);
  writeFileSync(path, bytes);
}

/** Changes both copies alike, so that only V8 can reject them: their header has hashes of its version, source and flags. */
function foreign(path: string, position: number): void {
  const bytes = readFileSync(path);
  const signatureBytes = bytes.indexOf('\n') + 1;
  const length = (bytes.length - signatureBytes) / 2;
  for (const start of [signatureBytes, signatureBytes + length])
    bytes.fill(0xff, start + position, start + position + 4);
  writeFileSync(path, bytes);
}
