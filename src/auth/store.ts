import type { Replacement } from '../util/atomic-file.js';

/** What a store holds; the same object as long as it has not changed. */
export type StoreContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** `reason` is a sentence for people. */
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly errorKind?: 'authStoreUnavailable';
      /** The file system's name of what failed. */
      readonly errorCode?: string;
    };

/** Where a login is kept: `cli_auth_credentials_store` in config.toml. */
export interface AuthStore {
  /** What messages call it: a path, or `the keyring`. */
  readonly name: string;
  read(): Promise<StoreContent>;
  /**
   * Proves that the login can be replaced, and takes what room that needs; D9.
   * @throws the error of the file system, or KeyringError
   */
  prepare(): Promise<StoreReplacement>;
  /** Takes the login away; false: there was none. @throws as `prepare` */
  remove(): Promise<boolean>;
}

export interface StoreReplacement {
  commit(text: string): Promise<void>;
  discard: Replacement['discard'];
}

export type StoreKind = 'file' | 'keyring' | 'auto' | 'ephemeral';
