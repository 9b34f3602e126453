import type { FileLocks } from '../util/file-lock.js';
import { saveLocks } from './save-locks.js';
import type { AuthStore } from './store.js';
import type { StoredLoginReader } from './stored-login.js';

export interface LoginWriter {
  /**
   * Puts a login in the place of whatever is stored.
   * @param signal ends the wait for other programs with its reason
   * @throws the error of the store
   */
  save(text: string, signal?: AbortSignal): Promise<void>;
  /** Takes away what is stored. As `save`. */
  remove(signal?: AbortSignal): Promise<void>;
}

/** Changes what is stored at a CODEX_HOME, under the locks that Codex takes too. */
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
