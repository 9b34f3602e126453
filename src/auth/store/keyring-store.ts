import type { EncryptedKeyring } from './encrypted-keyring.js';
import type { Keyring } from './keyring.js';
import { KeyringError } from './keyring-error.js';
import type { AuthStore, StoreContent } from './store.js';

/** Creates the store in the keyring of the desktop. Unusable is not the same as empty (D23). */
export function createKeyringStore(keyring: Keyring | EncryptedKeyring): AuthStore {
  let known: StoreContent = { kind: 'absent' };
  return {
    name: 'the keyring',
    async read() {
      const now = await contentOf(keyring);
      if (!isSame(now, known)) known = now;
      return known;
    },
    async prepare() {
      // Only its use shows whether it can be used.
      await keyring.read();
      if ('prepare' in keyring) return keyring.prepare();
      return { commit: (text) => keyring.write(text), discard: () => undefined };
    },
    save: (text) => keyring.write(text),
    async prepareRemoval() {
      await keyring.read();
    },
    remove: () => keyring.remove(),
  };
}

/**
 * Creates the store `auto`: the keyring if there is one, else the file. A new login in the keyring leaves no copy in the
 * file; a logout removes both.
 */
export function createAutoStore(keyring: AuthStore, file: AuthStore): AuthStore {
  async function place(): Promise<AuthStore> {
    return (await keyring.read()).kind === 'text' ? keyring : file;
  }

  return {
    name: `the keyring or ${file.name}`,
    async read() {
      const content = await keyring.read();
      return content.kind === 'text' ? content : file.read();
    },
    place,
    async prepare() {
      return (await place()).prepare();
    },
    async save(text) {
      try {
        await keyring.save(text);
      } catch (error) {
        // Reads would still find the old login in the keyring.
        if (!(error instanceof KeyringError) || (await place()) === keyring) throw error;
        return file.save(text);
      }
      await file.remove();
    },
    async prepareRemoval() {
      await keyring.prepareRemoval();
      await file.prepareRemoval();
    },
    async remove() {
      const wasInKeyring = await keyring.remove();
      return (await file.remove()) || wasInKeyring;
    },
  };
}

async function contentOf(keyring: Keyring): Promise<StoreContent> {
  try {
    const text = await keyring.read();
    return text === undefined ? { kind: 'absent' } : { kind: 'text', text };
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    return { kind: 'unusable', reason: error.message, errorKind: 'authStoreUnavailable' };
  }
}

function isSame(one: StoreContent, other: StoreContent): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
