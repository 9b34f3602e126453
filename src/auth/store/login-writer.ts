import { type HeldLocks, LockLostError } from '../../util/files/locks/file-lock.js';
import {
  loginSaveWaitMs,
  refreshLock,
  type SaveLocksOptions,
  withLocks,
  withSaveLocks,
} from './save-locks.js';
import type { AuthStore } from './store.js';
import type { StoredLoginReader, StoredState } from './login-reader.js';

export interface LoginWriter {
  /**
   * Stores a login in the place of the one before.
   * @param signal ends the wait for other programs with its reason
   * @throws LockHeldError, the error of the store
   */
  save(text: string, signal?: AbortSignal): Promise<void>;
  /**
   * Changes the stored login while no refresh is in progress.
   * @param change returns the new text of the state that is stored then. @throws an error, and nothing is changed
   * @throws as `save`
   */
  edit(change: (state: StoredState) => string, signal: AbortSignal): Promise<void>;
  /** Removes the stored login. As `save`. */
  remove(signal?: AbortSignal): Promise<void>;
  /** Waits until no other program saves, and checks that the stored login can be removed. As `save`. */
  prepareRemoval(signal?: AbortSignal): Promise<void>;
}

/** The number of attempts if another program removes the lock file. */
const maxAttempts = 3;

/** Changes the stored login of a CODEX_HOME, while it holds the locks that Codex also takes. */
export function createLoginWriter(
  options: SaveLocksOptions & {
    reader: StoredLoginReader;
    store: () => Promise<AuthStore>;
    /** Called after the login was stored or removed. */
    onChanged: () => void;
  },
): LoginWriter {
  const { reader, onChanged } = options;

  async function locked(
    signal: AbortSignal | undefined,
    work: (store: AuthStore, held: HeldLocks) => Promise<void>,
  ): Promise<void> {
    const store = await options.store();
    for (let attempt = 1; ; attempt += 1) {
      try {
        await withSaveLocks(options, { limitMs: loginSaveWaitMs, signal }, (held) => work(store, held));
        break;
      } catch (error) {
        if (!(error instanceof LockLostError) || attempt === maxAttempts) throw error;
      }
    }
    await reader.read(store);
  }

  /** @param text the text that `work` stores; undefined if it removes the login */
  function change(
    text: string | undefined,
    signal: AbortSignal | undefined,
    work: (store: AuthStore) => Promise<unknown>,
  ): Promise<void> {
    return locked(signal, async (store, held) => {
      held.verify();
      reader.expectOwn(text);
      await work(store);
      onChanged();
    });
  }

  return {
    edit: (edited, signal) =>
      withLocks(options, [refreshLock(options.codexHome)], { limitMs: loginSaveWaitMs, signal }, () =>
        locked(signal, async (configured, held) => {
          const store = (await configured.place?.()) ?? configured;
          const text = edited(await reader.read(store));
          held.verify();
          reader.expectOwn(text);
          await store.save(text);
          onChanged();
        }),
      ),
    save: (text, signal) => change(text, signal, (store) => store.save(text)),
    remove: (signal) => change(undefined, signal, (store) => store.remove()),
    prepareRemoval: (signal) => locked(signal, (store) => store.prepareRemoval()),
  };
}
