import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { AsyncEntry } from '@napi-rs/keyring';

/** The login of one CODEX_HOME in the keyring of the desktop, under the name that Codex uses. */
export interface Keyring {
  /** Resolves with undefined if the keyring does not hold a login. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** Resolves with whether there was one. */
  remove(): Promise<boolean>;
}

export type KeyringFailure = 'notInstalled' | 'unavailable' | 'locked' | 'failed';

/** The keyring cannot be used. The message is a sentence for people, and never contains the stored text. */
export class KeyringError extends Error {
  readonly failure: KeyringFailure;

  constructor(failure: KeyringFailure, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'KeyringError';
    this.failure = failure;
  }
}

const service = 'Codex Auth';

/**
 * Loads `@napi-rs/keyring`, an optional package, at the first call. Every call throws KeyringError if the keyring
 * cannot be used. A locked keyring may first ask for its password, and the call waits for that.
 */
export function createKeyring(codexHome: string): Keyring {
  const account = accountOf(codexHome);

  async function use<T>(work: (entry: AsyncEntry) => Promise<T>): Promise<T> {
    const library = await loadLibrary();
    try {
      // Without this option the library falls back to the kernel's keyring, which does not survive a restart.
      return await work(new library.AsyncEntry(service, account, { linux: { store: 'secret-service' } }));
    } catch (error) {
      throw keyringErrorFrom(error);
    }
  }

  return {
    read: () => use(async (entry) => (await entry.getPassword()) ?? undefined),
    write: (text) => use((entry) => entry.setPassword(text)),
    remove: () => use((entry) => entry.deletePassword()),
  };
}

function accountOf(codexHome: string): string {
  const digest = createHash('sha256').update(canonicalPath(codexHome)).digest('hex');
  return `cli|${digest.slice(0, 16)}`;
}

function canonicalPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function loadLibrary(): Promise<typeof import('@napi-rs/keyring')> {
  try {
    return await import('@napi-rs/keyring');
  } catch (error) {
    // The bundle loads it by `require`, whose code has no prefix.
    const isMissing = /^(?:ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '');
    throw isMissing
      ? new KeyringError(
          'notInstalled',
          '@napi-rs/keyring is not installed; npm install @napi-rs/keyring adds it',
          { cause: error },
        )
      : new KeyringError('notInstalled', '@napi-rs/keyring does not run on this system', { cause: error });
  }
}

/** The kinds of failure by the library's messages, as its errors have no codes. The first match counts. */
const failures: readonly [RegExp, KeyringFailure, string][] = [
  [/object locked|prompt was dismissed|interaction is not allowed/i, 'locked', 'the keyring is locked'],
  [
    /org\.freedesktop\.secrets|no DBus session or Secret Service/i,
    'unavailable',
    'no keyring is available: there is no Secret Service on the D-Bus session bus',
  ],
  [/D-?Bus/i, 'unavailable', 'no keyring is available: the D-Bus session bus cannot be reached'],
];

function keyringErrorFrom(cause: unknown): KeyringError {
  const text = cause instanceof Error ? cause.message : '';
  const found = failures.find(([pattern]) => pattern.test(text));
  const [, failure, message] = found ?? [/$/, 'failed', 'the keyring operation failed'];
  return new KeyringError(failure, message, { cause });
}
