import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../util/clock.js';
import { prepareReplacement, type Replacement } from '../../util/files/atomic-file.js';
import { explainedCode, type FileContent, watchFile } from '../../util/files/watched-file.js';
import { AgeError, decryptAge, encryptAge } from './age.js';
import { tokensReserveBytes } from './file-store.js';
import type { Keyring } from './keyring.js';
import { KeyringError } from './keyring-error.js';
import type { StoreReplacement } from './store.js';

export interface EncryptedKeyring extends Keyring {
  /** Checks that the file can be replaced, and reserves the space for that. @throws KeyringError */
  prepare(): Promise<StoreReplacement>;
}

/** The content of the file. Codex keeps the login under one name; others stay as they are. */
interface Secrets {
  readonly version: number;
  readonly secrets: Readonly<Record<string, string>>;
}

const loginName = 'global/CODEX_AUTH';
const version = 1;

/**
 * Returns the login in `secrets/codex_auth.age`, an encrypted file whose key is in the keyring: the Credential Manager of
 * Windows holds at most 2560 bytes. Codex uses the same file and key.
 *
 * The file is decrypted again only if it has changed: that takes a second.
 *
 * @param direct the entry that holds the login itself without this file. Only its removal is of use here
 */
export function createEncryptedKeyring(options: {
  readonly codexHome: string;
  readonly key: Keyring;
  readonly direct: Keyring;
  readonly clock: Clock;
  readonly random: () => number;
}): EncryptedKeyring {
  const { key, direct, clock, random } = options;
  const path = join(options.codexHome, 'secrets', 'codex_auth.age');
  const file = watchFile(path);
  const replacing = { nowMs: () => clock.nowMs(), random };
  let known: { readonly content: FileContent; readonly secrets: Promise<Secrets> } | undefined;
  let failed:
    { readonly content: FileContent; readonly passphrase: string; readonly error: KeyringError } | undefined;

  function read(): Promise<Secrets> {
    const content = file.read();
    if (known?.content !== content) {
      const reading = { content, secrets: secretsIn(content) };
      known = reading;
      // The key may be available the next time.
      reading.secrets.catch(() => {
        if (known === reading) known = undefined;
      });
    }
    return known.secrets;
  }

  async function secretsIn(content: FileContent): Promise<Secrets> {
    if (!Buffer.isBuffer(content)) {
      if (content.errorCode === 'ENOENT') return { version, secrets: {} };
      throw unusable(`cannot be read (${explainedCode(content.errorCode)})`);
    }
    const passphrase = await key.read();
    if (passphrase === undefined) throw unusable('cannot be decrypted: its key is not in the keyring');
    if (failed?.content === content && failed.passphrase === passphrase) throw failed.error;
    try {
      return checked(JSON.parse((await decryptAge(content, passphrase)).toString('utf8')));
    } catch (cause) {
      const reason = cause instanceof AgeError ? cause.message : 'it has another content';
      // Without the cause: an error of JSON.parse quotes what was decrypted.
      const error = unusable(`cannot be decrypted with the key in the keyring: ${reason}`);
      failed = { content, passphrase, error };
      throw error;
    }
  }

  async function writeLogin(text: string, prepared?: Replacement): Promise<void> {
    const stored = await read();
    await write({ ...stored, secrets: { ...stored.secrets, [loginName]: text } }, prepared);
  }

  async function write(secrets: Secrets, prepared?: Replacement): Promise<void> {
    const bytes = await encryptAge(Buffer.from(JSON.stringify(secrets)), await keyForWriting());
    orUnusable(() => (prepared ?? replacement()).commit(bytes));
    const content = file.read();
    // The text that this process has written is known without decrypting it.
    if (Buffer.isBuffer(content) && content.equals(bytes))
      known = { content, secrets: Promise.resolve(secrets) };
  }

  function replacement(reserveBytes = 0): Replacement {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return prepareReplacement(path, { ...replacing, reserveBytes });
  }

  async function keyForWriting(): Promise<string> {
    const stored = await key.read();
    if (stored !== undefined) return stored;
    const created = randomBytes(32).toString('base64');
    await key.write(created);
    return created;
  }

  /** @throws KeyringError for an error of the file system */
  function orUnusable<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw unusable(`cannot be replaced (${codeOf(error)})`, error);
    }
  }

  function unusable(reason: string, cause?: unknown): KeyringError {
    return new KeyringError('failed', `${path} ${reason}`, { cause });
  }

  return {
    read: async () => (await read()).secrets[loginName],
    write: writeLogin,
    async prepare() {
      const now = file.read();
      await read();
      const size = Buffer.isBuffer(now) ? now.length : 0;
      const prepared = orUnusable(() => replacement(size + tokensReserveBytes));
      return { commit: (text) => writeLogin(text, prepared), discard: prepared.discard };
    },
    async remove() {
      const stored = await read();
      const { [loginName]: login, ...secrets } = stored.secrets;
      if (login !== undefined) await write({ ...stored, secrets });
      return (await direct.remove()) || login !== undefined;
    },
  };
}

/** @throws Error if it is not what Codex writes */
function checked(value: unknown): Secrets {
  const { version: found, secrets } = value as Partial<Secrets>;
  if (typeof found !== 'number' || found > version || typeof secrets !== 'object') throw new Error();
  if (!Object.values(secrets).every((secret) => typeof secret === 'string')) throw new Error();
  return { ...(value as Secrets), version: found || version };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}
