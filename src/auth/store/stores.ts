import { join } from 'node:path';
import type { Clock } from '../../util/clock.js';
import { createFileStore } from './file-store.js';
import { createEncryptedKeyring, type EncryptedKeyring } from './encrypted-keyring.js';
import { createKeyring, type Keyring } from './keyring.js';
import { createAutoStore, createKeyringStore } from './keyring-store.js';
import type { AuthStore, StoreContent, StoreKind } from './store.js';

/** Returns the stores of one CODEX_HOME, each created when it is first asked for. */
export function createStores(options: {
  codexHome: string;
  clock: Clock;
  random: () => number;
}): (kind: StoreKind) => AuthStore {
  const stores = new Map<StoreKind, AuthStore>();
  const create: Record<StoreKind, () => AuthStore> = {
    file: () => createFileStore({ ...options, path: join(options.codexHome, 'auth.json') }),
    ephemeral: createMemoryStore,
    keyring: () => createKeyringStore(keyring('login')),
    encryptedKeyring: () => createKeyringStore(encryptedKeyring()),
    auto: () => createAutoStore(storeOf('keyring'), storeOf('file')),
    encryptedAuto: () => createAutoStore(storeOf('encryptedKeyring'), storeOf('file')),
  };
  function keyring(kind: 'login' | 'key'): Keyring {
    return createKeyring(options.codexHome, { kind, nowMs: () => options.clock.nowMs() });
  }
  function encryptedKeyring(): EncryptedKeyring {
    const entries = { key: keyring('key'), direct: keyring('login') };
    return createEncryptedKeyring({ ...options, ...entries });
  }
  function storeOf(kind: StoreKind): AuthStore {
    const store = stores.get(kind) ?? create[kind]();
    stores.set(kind, store);
    return store;
  }
  return storeOf;
}

const absent: StoreContent = { kind: 'absent' };

/** Creates the store `ephemeral`, whose login ends with the process. */
function createMemoryStore(): AuthStore {
  let content = absent;
  function keep(text: string): Promise<void> {
    content = { kind: 'text', text };
    return Promise.resolve();
  }
  return {
    name: 'memory',
    read: () => Promise.resolve(content),
    prepare: () => Promise.resolve({ commit: keep, discard: () => undefined }),
    save: keep,
    prepareRemoval: () => Promise.resolve(),
    remove() {
      const isThere = content !== absent;
      content = absent;
      return Promise.resolve(isThere);
    },
  };
}
