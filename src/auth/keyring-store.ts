import { type Keyring, KeyringError } from './keyring.js';
import type { AuthStore, StoreContent } from './store.js';

/** The keyring of the desktop; D23: one that is configured and cannot be used is told apart from no login. */
export function createKeyringStore(keyring: Keyring): AuthStore {
  let known: StoreContent = { kind: 'absent' };
  return {
    name: 'the keyring',
    async read() {
      const now = await contentOf(keyring);
      if (!isSame(now, known)) known = now;
      return known;
    },
    async prepare() {
      // Whether it can be used shows only in its use.
      await keyring.read();
      return { commit: (text) => keyring.write(text), discard: () => undefined };
    },
    remove: () => keyring.remove(),
  };
}

/**
 * `auto`: the keyring where there is one, else the file. A login that moves into the keyring leaves no copy in the
 * file; a logout takes both away.
 */
export function createAutoStore(keyring: AuthStore, file: AuthStore): AuthStore {
  return {
    name: `the keyring or ${file.name}`,
    async read() {
      const content = await keyring.read();
      return content.kind === 'text' ? content : file.read();
    },
    async prepare() {
      try {
        const replacement = await keyring.prepare();
        return {
          async commit(text) {
            await replacement.commit(text);
            await file.remove();
          },
          discard: replacement.discard,
        };
      } catch (error) {
        if (!(error instanceof KeyringError)) throw error;
        return file.prepare();
      }
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
