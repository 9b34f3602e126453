import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { win32 } from 'node:path';
import { KeyringError } from './keyring-error.js';
import { callKeyring, type KeyringCall } from './keyring-process.js';

/** A text in the keyring of the desktop. */
export interface Keyring {
  /** Resolves with undefined if the keyring does not hold it. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** Resolves with whether there was one. */
  remove(): Promise<boolean>;
}

export interface KeyringOptions {
  /** How long a call may take, in milliseconds. */
  readonly limitMs?: number;
  readonly nowMs?: () => number;
  readonly platform?: NodeJS.Platform;
}

/** How long no call is made after one without an answer: a request may read the login several times. */
const quietMs = 5_000;

/** The entries of Codex: the login itself, and the key of the encrypted file with it. */
const entries = {
  login: { service: 'Codex Auth', prefix: 'cli' },
  key: { service: 'codex', prefix: 'secrets' },
} as const;

/**
 * Returns an entry that Codex has for this CODEX_HOME. Needs `@napi-rs/keyring`, an optional package. Every call throws
 * KeyringError if the keyring cannot be used, or does not answer in time.
 */
export function createKeyring(
  codexHome: string,
  {
    kind = 'login',
    nowMs = Date.now,
    ...options
  }: KeyringOptions & { readonly kind?: keyof typeof entries } = {},
): Keyring {
  const { service, prefix } = entries[kind];
  const account = `${prefix}|${homeDigest(codexHome, options.platform ?? process.platform)}`;
  let reading: Promise<unknown> | undefined;
  let unanswered: { readonly error: KeyringError; readonly atMs: number } | undefined;

  async function call(method: KeyringCall['method'], ...args: string[]): Promise<unknown> {
    if (unanswered && nowMs() - unanswered.atMs < quietMs) throw unanswered.error;
    try {
      return await callKeyring({ service, account, method, args }, options);
    } catch (error) {
      const isUnanswered = error instanceof KeyringError && error.failure === 'unanswered';
      if (isUnanswered) unanswered = { error, atMs: nowMs() };
      throw error;
    }
  }

  return {
    async read() {
      // Requests at the same time share a call: each could ask the user.
      reading ??= call('getPassword').finally(() => {
        reading = undefined;
      });
      return ((await reading) ?? undefined) as string | undefined;
    },
    async write(text) {
      await call('setPassword', text);
    },
    remove: async () => (await call('deletePassword')) === true,
  };
}

function homeDigest(codexHome: string, platform: NodeJS.Platform): string {
  const path = canonicalPath(codexHome, platform);
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

function canonicalPath(path: string, platform: NodeJS.Platform): string {
  try {
    return codexSpelling(realpathSync.native(path), platform);
  } catch {
    return path;
  }
}

/** Returns the path without links as Codex spells it. On Windows it begins with `\\?\`. */
export function codexSpelling(path: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? win32.toNamespacedPath(path) : path;
}
