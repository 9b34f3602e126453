import type { FileLocks } from '../util/file-lock.js';
import { saveLocks } from './save-locks.js';
import type { AuthStore } from './store.js';
import type { StoredLoginReader } from './stored-login.js';

export interface LoginWriter {
  /** Puts a login in the place of whatever is stored. @throws the error of the store */
  save(text: string): Promise<void>;
  /** Takes away what is stored. @throws the error of the store */
  remove(): Promise<void>;
}

/** Changes what is stored at a CODEX_HOME, under the locks that Codex takes too. */
export function createLoginWriter(options: {
  codexHome: string;
  locks: FileLocks;
  reader: StoredLoginReader;
  store: () => Promise<AuthStore>;
}): LoginWriter {
  const { codexHome, locks, reader } = options;
  return {
    async save(text) {
      const store = await options.store();
      await locks.hold(saveLocks(codexHome), async () => {
        const replacement = await store.prepare();
        try {
          reader.expectOwn(text);
          await replacement.commit(text);
        } finally {
          replacement.discard();
        }
      });
    },
    async remove() {
      const store = await options.store();
      await locks.hold(saveLocks(codexHome), async () => {
        reader.expectOwn(undefined);
        await store.remove();
      });
    },
  };
}
