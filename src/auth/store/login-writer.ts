import type { FileLocks } from '../../util/files/file-lock.js';
import { saveLocks } from './save-locks.js';
import type { AuthStore } from './store.js';
import type { StoredLoginReader } from './login-reader.js';

export interface LoginWriter {
  /**
   * Stores a login in the place of the one before.
   * @param signal ends the wait for other programs with its reason
   * @throws the error of the store
   */
  save(text: string, signal?: AbortSignal): Promise<void>;
  /** Removes the stored login. As `save`. */
  remove(signal?: AbortSignal): Promise<void>;
}

/** Changes the stored login of a CODEX_HOME, while it holds the locks that Codex also takes. */
export function createLoginWriter(options: {
  codexHome: string;
  locks: FileLocks;
  reader: StoredLoginReader;
  store: () => Promise<AuthStore>;
}): LoginWriter {
  const { codexHome, locks, reader } = options;

  async function locked(
    signal: AbortSignal | undefined,
    work: (store: AuthStore) => Promise<void>,
  ): Promise<void> {
    const store = await options.store();
    await locks.hold(saveLocks(codexHome), () => work(store), signal && { signal });
    await reader.read(store);
  }

  return {
    save: (text, signal) =>
      locked(signal, async (store) => {
        const replacement = await store.prepare();
        try {
          reader.expectOwn(text);
          await replacement.commit(text);
        } finally {
          replacement.discard();
        }
      }),
    remove: (signal) =>
      locked(signal, async (store) => {
        reader.expectOwn(undefined);
        await store.remove();
      }),
  };
}
