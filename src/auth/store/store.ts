import type { Replacement } from '../../util/files/atomic-file.js';

/** The content of a store: the same object for as long as it has not changed. */
export type StoreContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** `reason` is a sentence for people. */
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly errorKind?: 'authStoreUnavailable';
      /** The code of the file system's error. */
      readonly errorCode?: string;
    };

/** A place that keeps the login; `cli_auth_credentials_store` in config.toml chooses it. */
export interface AuthStore {
  /** The name in messages: a path, or `the keyring`. */
  readonly name: string;
  /** The file, if it is one. */
  readonly path?: string;
  read(): Promise<StoreContent>;
  /**
   * Returns the store that holds the login, if this one chooses between others. New tokens are saved there only: with
   * the old ones in a locked keyring and the new ones in a file, the old ones would count after the next start.
   */
  place?(): Promise<AuthStore>;
  /**
   * Checks that the login can be replaced, and reserves the space for that (D9).
   * @throws the error of the file system, or KeyringError
   */
  prepare(): Promise<StoreReplacement>;
  /**
   * Stores a login. Overwrites a file that `prepare` refuses because it is a mount point or has several names, as `commit`
   * does if it has become one since.
   * @throws as `prepare`
   */
  save(text: string): Promise<void>;
  /** Checks that the login can be removed. @throws as `prepare` */
  prepareRemoval(): Promise<void>;
  /** Removes the login. Resolves with false if there was none. @throws as `prepare` */
  remove(): Promise<boolean>;
}

export interface StoreReplacement {
  commit(text: string): Promise<void>;
  discard: Replacement['discard'];
}

/** The source of a login. */
export type LoginPlace =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'keyring' | 'environment' };

/** Returns where a store keeps its login. */
export async function placeOf(store: AuthStore): Promise<LoginPlace> {
  const { path } = (await store.place?.()) ?? store;
  return path === undefined ? { kind: 'keyring' } : { kind: 'file', path };
}

export type StoreKind = 'file' | 'keyring' | 'encryptedKeyring' | 'auto' | 'encryptedAuto' | 'ephemeral';
