import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { createKeyring } from '../../../src/auth/store/keyring.js';
import type { KeyringError } from '../../../src/auth/store/keyring-error.js';
import { builtModule } from '../../support/processes/script-process.js';
import { obstacles, type SessionBus, startSecretService, startSessionBus } from './secret-service.js';

const built = builtModule('auth/store/keyring.js');
const isLinux = process.platform === 'linux';
// On other systems the library would open the keyring of the user who runs the tests.
const skipReason = isLinux ? '' : ' (cannot run here: only Linux has a keyring that a test can start)';
const cannotRun = !isLinux || obstacles.length > 0;
const realKeyringSkipReason =
  obstacles.length > 0 ? ` (cannot run here: ${obstacles.join(', ')})` : skipReason;
if (cannotRun) console.warn(`No test in a real keyring${realKeyringSkipReason}`);

let root = '';
let codexHome = '';
let bus: SessionBus | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyring-'));
  codexHome = join(root, 'codex-home');
  mkdirSync(codexHome);
  bus = undefined;
});

afterEach(async () => {
  await bus?.stop();
  rmSync(root, { recursive: true });
});

async function startBus(): Promise<SessionBus> {
  bus = await startSessionBus(root);
  return bus;
}

/** Starts an unlocked keyring and returns the environment to reach it. */
async function startKeyring(): Promise<Readonly<Record<string, string>>> {
  const session = await startBus();
  await startSecretService(session, 'password');
  return session.environment;
}

type Keyring = ReturnType<typeof createKeyring>;
type Call = { [M in keyof Keyring]: readonly [M, ...Parameters<Keyring[M]>] }[keyof Keyring];

/** Makes the calls in order in a process with only that environment. Returns their results or errors. */
function calls(
  environment: Readonly<Record<string, string>>,
  list: readonly Call[],
  { home = codexHome, module = built, options = {} } = {},
) {
  const script = `
    const { createKeyring } = await import(process.argv[1]);
    const keyring = createKeyring(process.argv[2], JSON.parse(process.argv[4]));
    const results = [];
    for (const [method, ...args] of JSON.parse(process.argv[3])) {
      const call = keyring[method](...args);
      results.push(await call.then((value) => value ?? null, ({ name, failure, message }) => ({ name, failure, message })));
    }
    console.log(JSON.stringify(results));`;
  const args = [
    '--input-type=module',
    '-e',
    script,
    '--',
    module,
    home,
    JSON.stringify(list),
    JSON.stringify(options),
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { env: environment, encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

const everyCall: Call[] = [['read'], ['write', 'a secret'], ['remove']];

function threeTimes(failure: KeyringError['failure'], message: string): unknown[] {
  const error = { name: 'KeyringError', failure, message };
  return [error, error, error];
}

test.skipIf(cannotRun)(
  `a login is written, replaced, read and removed in a real keyring${realKeyringSkipReason}`,
  async () => {
    const environment = await startKeyring();
    const list: Call[] = [
      ['read'],
      ['remove'],
      ['write', 'one'],
      ['write', 'twö'],
      ['read'],
      ['remove'],
      ['read'],
    ];
    expect(calls(environment, list)).toEqual([null, false, null, null, 'twö', true, null]);
  },
);

test.skipIf(cannotRun)(
  `a login in a real keyring survives the end of the process and of the daemon${realKeyringSkipReason}`,
  async () => {
    const session = await startBus();
    const keyring = await startSecretService(session, 'password');
    const long = 'x'.repeat(20_000);
    calls(session.environment, [['write', long]]);
    await keyring.stop();
    await startSecretService(session, 'password');
    expect(calls(session.environment, [['read']])).toEqual([long]);
  },
);

test.skipIf(cannotRun)(
  `each CODEX_HOME has its own login, and every path to it gives that login${realKeyringSkipReason}`,
  async () => {
    const environment = await startKeyring();
    const link = join(root, 'link');
    symlinkSync(codexHome, link);
    calls(environment, [['write', 'mine']]);
    expect(calls(environment, [['read']], { home: link })).toEqual(['mine']);
    expect(calls(environment, [['read']], { home: root })).toEqual([null]);
  },
);

test.skipIf(cannotRun)(`a locked keyring is reported${realKeyringSkipReason}`, async () => {
  const session = await startBus();
  const keyring = await startSecretService(session, 'password');
  calls(session.environment, [['write', 'a secret']]);
  await keyring.stop();
  await startSecretService(session);
  expect(calls(session.environment, everyCall)).toEqual(threeTimes('locked', 'the keyring is locked'));
});

test.skipIf(cannotRun)(`a session bus without a keyring is reported${realKeyringSkipReason}`, async () => {
  const { environment } = await startBus();
  const message = 'no keyring is available: there is no Secret Service on the D-Bus session bus';
  expect(calls(environment, everyCall)).toEqual(threeTimes('unavailable', message));
});

test.skipIf(!isLinux).each([
  ['no D-Bus at all', {}],
  ['an address where nothing listens', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
])(`%s is reported${skipReason}`, (_what, environment) => {
  const message = 'no keyring is available: the D-Bus session bus cannot be reached';
  expect(calls({ ...environment, XDG_RUNTIME_DIR: root }, everyCall)).toEqual(
    threeTimes('unavailable', message),
  );
});

/** Returns the URL of a copy of our module that imports `library` as the keyring library, or finds none. */
function moduleWith(library?: string): string {
  for (const name of ['keyring', 'keyring-process', 'keyring-error']) {
    copyFileSync(fileURLToPath(builtModule(`auth/store/${name}.js`)), join(root, `${name}.js`));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  if (library !== undefined) {
    const folder = join(root, 'node_modules', '@napi-rs', 'keyring');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), library);
    writeFileSync(join(folder, 'package.json'), '{}');
  }
  return pathToFileURL(join(root, 'keyring.js')).href;
}

test('the keyring entry has the same names as in Codex', () => {
  const module = moduleWith(
    `exports.AsyncEntry = function (...args) { this.getPassword = () => Promise.resolve(args); };`,
  );
  expect(calls({}, [['read']], { module, home: '~/.codex' })).toEqual([
    ['Codex Auth', 'cli|940db7b1d0e4eb40', { linux: { store: 'secret-service' } }],
  ]);
});

test('the entry with the key of the encrypted file has the same names as in Codex', () => {
  const module = moduleWith(
    `exports.AsyncEntry = function (...args) { this.getPassword = () => Promise.resolve(args.slice(0, 2)); };`,
  );
  expect(calls({}, [['read']], { module, home: '~/.codex', options: { kind: 'key' } })).toEqual([
    ['codex', 'secrets|940db7b1d0e4eb40'],
  ]);
});

test.each([
  ['waits for an answer', '() => new Promise(() => setInterval(() => undefined, 1_000))'],
  ['blocks its process', '() => { for (;;); }'],
])('a keyring that %s is given up', (_how, method) => {
  const module = moduleWith(
    `exports.AsyncEntry = function () { this.getPassword = this.setPassword = this.deletePassword = ${method}; };`,
  );
  const message =
    'the keyring has not answered within 0.5 s; it may be waiting for its password or for your permission';
  expect(calls({}, everyCall, { module, options: { limitMs: 500 } })).toEqual(
    threeTimes('unanswered', message),
  );
});

test('reads at the same time share one call', () => {
  const count = join(root, 'count');
  const module = moduleWith(
    `exports.AsyncEntry = function () { this.getPassword = async () => require('node:fs').appendFileSync(${JSON.stringify(count)}, 'x'); };`,
  );
  const script = `
    const { createKeyring } = await import(process.argv[1]);
    const keyring = createKeyring(process.argv[2]);
    await Promise.all([keyring.read(), keyring.read(), keyring.read()]);
    await keyring.read();`;
  spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', module, codexHome]);
  expect(readFileSync(count, 'utf8')).toBe('xx');
});

test('the error names the package if the library is not installed', () => {
  const message = '@napi-rs/keyring is not installed; npm install @napi-rs/keyring adds it';
  expect(calls({}, everyCall, { module: moduleWith() })).toEqual(threeTimes('notInstalled', message));
});

test('a library without a binary for this system has a different error than a missing library', () => {
  const module = moduleWith(`throw new Error('Cannot find native binding');`);
  const message = '@napi-rs/keyring does not run on this system';
  expect(calls({}, everyCall, { module })).toEqual(threeTimes('notInstalled', message));
});

test('the message of an unknown error does not contain the text of the library', () => {
  const fails = `() => Promise.reject(new Error('cannot store a secret'))`;
  const module = moduleWith(
    `exports.AsyncEntry = function () { this.getPassword = this.setPassword = this.deletePassword = ${fails}; };`,
  );
  const message = 'the keyring operation failed';
  expect(calls({}, everyCall, { module })).toEqual(threeTimes('failed', message));
});
