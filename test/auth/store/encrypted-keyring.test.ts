import { Encrypter } from 'age-encryption';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decryptAge } from '../../../src/auth/store/age.js';
import { codexSpelling } from '../../../src/auth/store/keyring.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';
import { renewed } from '../tokens/refresh-fixture.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyring-'));
  mkdirSync(at('entries'));
  writeFileSync(at('preload.cjs'), preload(at('entries')));
});

afterEach(() => rmSync(root, { recursive: true }));

function at(name: string): string {
  return join(root, name);
}

/** Returns a script after which each entry of the keyring is a file in `folder`. */
function preload(folder: string): string {
  return `
    const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
    const Module = require('node:module');
    class AsyncEntry {
      constructor(service, account) { this.path = ${JSON.stringify(folder)} + '/' + service + ' ' + account.replace('|', ' '); }
      async getPassword() { return existsSync(this.path) ? readFileSync(this.path, 'utf8') : null; }
      async setPassword(text) { writeFileSync(this.path, text); }
      async deletePassword() { return existsSync(this.path) && (rmSync(this.path), true); }
    }
    const load = Module._load;
    Module._load = (name, ...rest) => (name === '@napi-rs/keyring' ? { AsyncEntry } : load(name, ...rest));`;
}

interface KeyringFixture extends ClientFixture {
  readonly path: string;
}

/** Runs `act` with a server that keeps the login in an encrypted file, and the key of that in the keyring. */
function withEncryptedKeyring(
  act: (fixture: KeyringFixture) => Promise<void>,
  {
    variables = {},
    store = 'keyring',
  }: { variables?: Readonly<Record<string, string>>; store?: 'keyring' | 'auto' } = {},
): Promise<void> {
  const settings = [`cli_auth_credentials_store="${store}"`, 'features.secret_auth_storage=true'];
  const args = ['app-server', ...settings.flatMap((setting) => ['-c', setting])];
  const environment = { ...variables, NODE_OPTIONS: `--require=${at('preload.cjs').replaceAll('\\', '/')}` };
  return withBuiltServer({ args, environment, auth: 'none' }, async (fixture) => {
    await fixture.server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    await act({ ...fixture, path: join(fixture.home.path, 'secrets', 'codex_auth.age') });
  });
}

/** Returns the only entry whose name begins so. */
function entryPath(start: string): string {
  const [name = 'none', ...others] = readdirSync(at('entries')).filter((entry) => entry.startsWith(start));
  expect(others).toEqual([]);
  return join(at('entries'), name);
}

async function decrypted(path: string): Promise<unknown> {
  const plaintext = await decryptAge(readFileSync(path), readFileSync(entryPath('codex secrets '), 'utf8'));
  return JSON.parse(plaintext.toString('utf8')) as unknown;
}

/** Writes the file as Codex does. */
async function encrypt(path: string, content: unknown, passphrase: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(4);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, await encrypter.encrypt(JSON.stringify(content)));
}

/** To encrypt the file, or to decrypt it, takes a second of a processor that has nothing else to do. */
const slowMs = 60_000;

const apiKey = 'sk-canary';
const keyLogin = { auth_mode: 'apikey', OPENAI_API_KEY: apiKey };
const name = 'global/CODEX_AUTH';

test(
  'a new login is in the encrypted file alone, as Codex stores it, and is read from there',
  () =>
    withEncryptedKeyring(async ({ server, path, home }) => {
      await server.call(2, 'account/login/start', { type: 'apiKey', apiKey });
      expect(await server.call(3, 'account/read', {})).toMatchObject({ account: { type: 'apiKey' } });
      const { secrets, ...others } = (await decrypted(path)) as { secrets: Record<string, string> };
      expect(others).toEqual({ version: 1 });
      expect(Object.keys(secrets)).toEqual([name]);
      expect(JSON.parse(secrets[name] ?? '')).toEqual(keyLogin);
      expect(readFileSync(path).includes(apiKey)).toBe(false);
      // Windows has no such modes.
      expect(statSync(path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
      expect(existsSync(join(home.path, 'auth.json'))).toBe(false);
      expect(readdirSync(at('entries'))).toHaveLength(1);
      expect(Buffer.from(readFileSync(entryPath('codex secrets '), 'utf8'), 'base64')).toHaveLength(32);
    }),
  slowMs,
);

/** Puts a key and a file that Codex has encrypted with it in place. */
async function storeAsCodex(path: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  const home = codexSpelling(realpathSync.native(join(path, '..', '..')), process.platform);
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 16);
  writeFileSync(join(at('entries'), `codex secrets ${digest}`), key);
  await encrypt(path, { version: 1, secrets }, key);
}

const key = 'the key of Codex';
const login = { [name]: JSON.stringify(keyLogin) };
const other = { 'global/OTHER': 'stays' };

test(
  'other secrets in the file stay, and a logout removes the entry of Codex without the file, too',
  () =>
    withEncryptedKeyring(async ({ server, path }) => {
      await storeAsCodex(path, { ...other, ...login });
      const direct = entryPath('codex secrets ').replace('codex secrets ', 'Codex Auth cli ');
      writeFileSync(direct, JSON.stringify(keyLogin));
      expect(await server.call(2, 'account/read', {})).toMatchObject({ account: { type: 'apiKey' } });
      await server.call(3, 'account/login/start', { type: 'apiKey', apiKey: 'sk-new' });
      expect(await decrypted(path)).toMatchObject({ secrets: { ...other, [name]: expect.any(String) } });
      await server.call(4, 'account/logout', undefined);
      expect(await server.call(5, 'account/read', {})).toMatchObject({ account: null });
      expect(await decrypted(path)).toEqual({ version: 1, secrets: other });
      expect(existsSync(direct)).toBe(false);
    }),
  slowMs,
);

test.each<[string, (path: string) => Promise<void> | void, RegExp]>([
  ['without its key', () => rmSync(entryPath('codex secrets ')), /its key is not in the keyring$/],
  [
    'under another key',
    () => writeFileSync(entryPath('codex secrets '), 'other'),
    /: the passphrase is another one, or the file is damaged$/,
  ],
  [
    'of a newer version',
    (path) => encrypt(path, { version: 2, secrets: {} }, key),
    /: it has another content$/,
  ],
  [
    'that is something else',
    (path) => writeFileSync(path, apiKey),
    /: it is not a file of age with a passphrase$/,
  ],
])('a file %s is an error that says so, and stays', (_what, spoil, reason) =>
  withEncryptedKeyring(async ({ server, path }) => {
    await storeAsCodex(path, login);
    await spoil(path);
    const before = readFileSync(path);
    server.send({ id: 2, method: 'account/rateLimits/read' });
    expect(await server.answer(2)).toMatchObject({ error: { data: { kind: 'authStoreUnavailable' } } });
    server.send({ id: 3, method: 'account/login/start', params: { type: 'apiKey', apiKey: 'sk-new' } });
    const { error } = (await server.answer(3)) as { error: { message: string } };
    expect(error.message).toMatch(/^failed to save api key: failed to write OAuth tokens to keyring: /);
    expect(error.message).toMatch(reason);
    expect(readFileSync(path)).toEqual(before);
    expect(server.stderr()).not.toContain(apiKey);
  }),
);

/** Runs `act` with the URL of an issuer that renews tokens, and the number of requests that it has got. */
async function withIssuer(act: (url: string, sent: () => number) => Promise<void>): Promise<void> {
  let sent = 0;
  const issuer = createServer((_request, response) => {
    sent += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(renewed));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const { port } = issuer.address() as AddressInfo;
  await act(`http://127.0.0.1:${port}/`, () => sent).finally(() => issuer.close());
}

test(
  'a refresh is sent only if its tokens can be saved in the encrypted file',
  () =>
    withIssuer((url, sent) =>
      withEncryptedKeyring(
        async ({ server, path }) => {
          await storeAsCodex(path, { ...other, [name]: JSON.stringify(chatgptLogin()) });
          chmodSync(path, 0o400);
          await server.call(2, 'getAuthStatus', { refreshToken: true });
          expect({ sent: sent(), log: server.stderr() }).toEqual({
            sent: 0,
            log: expect.stringMatching(/codex_auth\.age cannot be replaced \(EACCES\)/),
          });
          chmodSync(path, 0o600);
          await server.call(3, 'getAuthStatus', { refreshToken: true });
          const { secrets } = (await decrypted(path)) as { secrets: Record<string, string> };
          expect(sent()).toBe(1);
          expect(secrets).toEqual({ ...other, [name]: expect.stringContaining(renewed.refresh_token) });
          expect(readdirSync(join(path, '..'))).toEqual(['codex_auth.age']);
        },
        { variables: { CODEX_REFRESH_TOKEN_URL_OVERRIDE: url } },
      ),
    ),
  slowMs,
);

test('auto: a new login that the keyring cannot store fails, and the old one stays', () =>
  withEncryptedKeyring(
    async ({ server, home, path }) => {
      const login = (id: number, apiKey: string): Promise<unknown> =>
        server.call(id, 'account/login/start', { type: 'apiKey', apiKey });
      await login(2, 'sk-old');
      chmodSync(path, 0o400);
      await expect(login(3, 'sk-new')).rejects.toThrow(/codex_auth\.age cannot be replaced/);
      expect(existsSync(join(home.path, 'auth.json'))).toBe(false);
      expect(await server.call(4, 'getAuthStatus', { includeToken: true })).toMatchObject({
        authToken: 'sk-old',
      });
    },
    { store: 'auto' },
  ));
