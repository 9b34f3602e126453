import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDevHome, type DevHome } from '../../../src/dev-backend/home.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { recordedActions, recording } from '../../security/recorded-session.js';
import { cacheIn, cacheVariables } from '../../support/files/cache-home.js';
import { startBuiltServer, stopServer } from '../../support/processes/built-server.js';
import { casesOf } from '../../support/unix-test.js';

let backend: DevBackend;
let home: DevHome;
let folder = '';

beforeAll(async () => {
  backend = await startDevBackend();
  home = createDevHome({ backendUrl: backend.url });
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
  if (process.platform !== 'win32') symlinkSync(home.path, join(folder, 'linked'));
  // Stores a read.
  expect(await run('usage')).toMatchObject({ code: 0 });
});

beforeEach(() => rmSync(join(folder, 'record'), { force: true }));

afterAll(async () => {
  await backend.close();
  home.remove();
  rmSync(folder, { recursive: true });
});

/** Runs a command to its end; a vertical bar in it stands for a space inside of an argument. */
async function run(line: string, environment: Readonly<Record<string, string>> = {}) {
  const server = startBuiltServer({
    args: line.split(' ').map((word) => word.replaceAll('|', ' ')),
    environment: {
      CODEX_HOME: home.path,
      HOME: folder,
      USERPROFILE: folder,
      ...cacheVariables(folder),
      ...environment,
    },
  });
  server.child.stdin.end();
  const { code } = await server.exited;
  await stopServer(server);
  return { code, stdout: server.stdout(), stderr: server.stderr() };
}

interface Loaded {
  readonly bundles: string[];
  readonly loaded: string[];
  /** Whether node has listed the module that runs the bundle. On Windows node loads it before the bundle. */
  readonly hasVm: boolean;
}

/** Runs first, and writes at the exit which bundles were read and which modules of node were loaded meanwhile. */
const recorder = `import fs from 'node:fs';
  const before = new Set(process.moduleLoadList);
  const bundles = [];
  const { readFileSync } = fs;
  fs.readFileSync = (path, ...rest) => {
    const [, name] = /dist.([\\w-]+)\\.cjs$/.exec(path) ?? [];
    if (name && name !== 'main') bundles.push(name);
    return readFileSync(path, ...rest);
  };
  process.on('exit', () => {
    const loaded = process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.split(' ')[1]);
    const hasVm = process.moduleLoadList.includes('NativeModule vm');
    fs.writeFileSync(process.env.LOADED, JSON.stringify({ bundles, loaded, hasVm }));
  });`;

async function loadedBy(line: string): Promise<Loaded> {
  const path = join(folder, 'loaded');
  await run(line, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(recorder)}`,
    LOADED: path,
  });
  return JSON.parse(readFileSync(path, 'utf8')) as Loaded;
}

/** Commands that send nothing. */
const offline = casesOf(
  [
    'login status',
    'redeem --history',
    'usage --cached',
    'usage --json --max-age 3600',
    'usage --format {window:300}|{bar:300} --max-age 3600',
    'usage --cached --home ~/linked',
    'usage --json --max-age 3600 --home ~/linked --home ~/linked/',
    'usage --preset tmux --max-age 3600',
    'usage --preset waybar --max-age 3600',
  ],
  (line) => !line.includes('linked'),
);

describe('the sources that a command loads', () => {
  test.each([
    ...['--version', '-V', '--help', '-h', 'completion bash'].map((line) => [line, ['texts']] as const),
    ...offline.map((line) => [line, ['offline']] as const),
    ['--upstream /nowhere exec', ['pass-on']],
    ['usage --json', ['program']],
    // Another process reads.
    ['usage --preset tmux --max-age 0', ['offline']],
    ['usage --max-age 0', ['offline', 'program']],
    ['usage --cached --max-age 0', ['offline', 'program']],
    ['usage --cached --home ~/linked --home /nowhere', ['offline', 'program']],
    ['redeem --history --yes', ['offline', 'program']],
    ['login status now', ['offline', 'program']],
  ] as const)('%s: %j', async (line, bundles) => {
    expect((await loadedBy(line)).bundles).toEqual(bundles);
  });
});

test.each([...offline, '--version', '--help', 'completion zsh'])(
  '%s loads nothing of node for networks, streams or terminals',
  async (line) => {
    const { loaded, hasVm } = await loadedBy(line);
    // So that the list is not empty for another reason.
    expect(hasVm).toBe(true);
    const slow =
      /^(net|tty|tls|https?|http2|dns|crypto|zlib|child_process|assert|worker_threads|readline|stream)\b/;
    const heavy =
      /^internal\/(streams|readline|crypto|child_process|fs\/promises)|^internal\/stream_base|_wrap$/;
    expect(loaded.filter((name) => slow.test(name) || heavy.test(name))).toEqual([]);
  },
);

test.each([...offline, '--version', '--help', 'completion fish'])(
  '%s connects to nothing, listens to nothing and starts nothing',
  async (line) => {
    const asked = backend.requests.length;
    const { code, stderr } = await run(line, recording(folder, { allowsConnections: false }));
    expect([code, stderr]).toEqual([0, line === 'login status' ? 'Logged in using ChatGPT\n' : '']);
    expect(recordedActions(folder)).toEqual({ connects: [], listens: [], starts: [] });
    expect(backend.requests).toHaveLength(asked);
  },
);

test('a live read connects, so that the recorder would notice it', async () => {
  const { code } = await run('usage --json', recording(folder, { allowsConnections: true }));
  expect(code).toBe(0);
  expect(recordedActions(folder).connects).toHaveLength(1);
});

test('each use has a cache of compiled code, and a text or a failure has none', async () => {
  const cache = mkdtempSync(join(folder, 'cache-'));
  const uses = (): string[] => {
    const names = readdirSync(cache).length === 0 ? [] : readdirSync(cacheIn(cache));
    return names.map((name) => /^\w+\.cjs-[a-zA-Z]+/.exec(name)?.[0] ?? name).sort();
  };
  const saved = async (line: string): Promise<string[]> => {
    await run(line, cacheVariables(cache));
    return uses();
  };
  expect(await saved('--version')).toEqual([]);
  expect(await saved('usage --cached --max-age 0')).toEqual([]);
  expect(await saved('usage --help')).toEqual([]);
  expect(await saved('usage --cached')).toEqual(['offline.cjs-usage']);
  expect(await saved('usage')).toEqual(['offline.cjs-usage', 'program.cjs-usage']);
  await saved('login status');
  const all = ['offline.cjs-login', 'offline.cjs-redeem', 'offline.cjs-usage', 'program.cjs-usage'];
  expect(await saved('redeem --history')).toEqual(all);
  expect(await saved('usage --json --cached')).toEqual(all);
});

test.each(['usage --cached', 'usage --json --max-age 3600'])(
  '%s without a login is explained by the program',
  async (line) => {
    const empty = mkdtempSync(join(folder, 'home-'));
    const { code, stdout, stderr } = await run(line, { CODEX_HOME: empty });
    expect(code).toBe(5);
    expect(stdout + stderr).toContain('You are not signed in with ChatGPT');
  },
);

test('another login gets no stored read of this one', async () => {
  const other = createDevHome({ backendUrl: backend.url });
  try {
    cpSync(join(home.path, 'account-server'), join(other.path, 'account-server'), { recursive: true });
    expect(await run('usage --json --cached', { CODEX_HOME: other.path })).toMatchObject({ code: 0 });
    writeFileSync(join(other.path, 'config.toml'), 'chatgpt_base_url = "http://127.0.0.1:9"\n');
    expect(await run('usage --json --cached', { CODEX_HOME: other.path })).toMatchObject({ code: 4 });
  } finally {
    other.remove();
  }
});

test('a warning about NODE_TLS_REJECT_UNAUTHORIZED is written with a stored read too', async () => {
  const { code, stderr } = await run('usage --cached', { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored/);
});

test('V8 optimizes the WebAssembly of a live read later, except while the code is saved', async () => {
  const script = `import v8 from 'node:v8';
    const set = v8.setFlagsFromString;
    v8.setFlagsFromString = (flags) => { console.error(flags); set(flags); };`;
  const environment = {
    ...cacheVariables(mkdtempSync(join(folder, 'cache-'))),
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
  };
  const first = await run('usage --json', environment);
  const second = await run('usage --json', environment);
  expect([first.stderr, second.stderr]).toEqual(['', '--wasm-tiering-budget=1000000000\n']);
});
