import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chatgptLogin } from '../../support/auth-file.js';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';
import { withIssuer } from '../../support/network/recording-issuer.js';
import { renewed } from './refresh-fixture.js';
import { unixTest } from '../../support/unix-test.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyring-'));
  writeFileSync(at('preload.cjs'), preload(at('entry'), at('locked')));
});

afterEach(() => rmSync(root, { recursive: true }));

function at(name: string): string {
  return join(root, name);
}

/** Returns a script after which the keyring of the server is a file. It is locked while the other file exists. */
function preload(entry: string, locked: string): string {
  return `
    const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
    const Module = require('node:module');
    const entry = ${JSON.stringify(entry)};
    const use = async (work) => {
      if (existsSync(${JSON.stringify(locked)})) throw new Error('object locked');
      return work();
    };
    class AsyncEntry {
      getPassword = () => use(() => (existsSync(entry) ? readFileSync(entry, 'utf8') : null));
      setPassword = (text) => use(() => writeFileSync(entry, text));
      deletePassword = () => use(() => existsSync(entry) && (rmSync(entry), true));
    }
    const load = Module._load;
    Module._load = (name, ...rest) => (name === '@napi-rs/keyring' ? { AsyncEntry } : load(name, ...rest));`;
}

interface KeyringFixture extends ClientFixture {
  readonly authPath: string;
  /** Reads the limits; resolves with the answer. */
  read(): Promise<unknown>;
  /** Ends the server as a client does. */
  end(): Promise<void>;
}

/** Runs `act` with a server that uses the store `auto`, and an issuer that calls `onAnswer` and renews the tokens. */
function withAutoStore(
  act: (fixture: KeyringFixture) => Promise<void>,
  onAnswer?: () => void,
): Promise<void> {
  return withIssuer(
    ({ url }) => {
      const environment = {
        CODEX_REFRESH_TOKEN_URL_OVERRIDE: url,
        NODE_OPTIONS: `--require=${at('preload.cjs')}`,
      };
      const args = ['app-server', '-c', 'cli_auth_credentials_store="auto"'];
      return withBuiltServer({ args, environment }, async (fixture) => {
        const { server, home } = fixture;
        await act({
          ...fixture,
          authPath: join(home.path, 'auth.json'),
          async read() {
            await server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1' } });
            server.send({ id: 2, method: 'account/rateLimits/read' });
            return server.answer(2);
          },
          async end() {
            server.child.stdin.end();
            await server.exited;
          },
        });
      });
    },
    (response) => {
      onAnswer?.();
      response.end(JSON.stringify(renewed));
    },
  );
}

const login = JSON.stringify(chatgptLogin({}, { last_refresh: '2025-01-01T00:00:00Z' }));

unixTest('new tokens of a login in the keyring are not saved in the file while the keyring is locked', () =>
  withAutoStore(
    async ({ authPath, read, end, server }) => {
      rmSync(authPath);
      writeFileSync(at('entry'), login);
      await read();
      rmSync(at('locked'));
      await end();
      expect(server.stderr()).toContain('the new tokens cannot be saved yet: the keyring is locked');
      expect(JSON.parse(readFileSync(at('entry'), 'utf8'))).toMatchObject({ tokens: renewed });
      expect(existsSync(authPath)).toBe(false);
    },
    () => {
      writeFileSync(at('locked'), '');
    },
  ),
);

test('new tokens of a login in the file are saved there, even if the keyring can be used', () =>
  withAutoStore(async ({ authPath, read, end }) => {
    writeFileSync(authPath, login);
    await read();
    await end();
    expect(JSON.parse(readFileSync(authPath, 'utf8'))).toMatchObject({ tokens: renewed });
    expect(existsSync(at('entry'))).toBe(false);
  }));
