import type { Settings } from '../../config/settings.js';
import type { StoreKind } from './store.js';

/**
 * Returns the store that the settings choose. As in Codex, the keyring of Windows holds only the key of an encrypted file;
 * the feature `secret_auth_storage` chooses this on every platform.
 */
export function storeKind({ values }: Settings, platform = process.platform): StoreKind {
  const kind = values.cli_auth_credentials_store ?? 'file';
  const isEncrypted = values.features?.secret_auth_storage ?? platform === 'win32';
  if (!isEncrypted) return kind;
  if (kind === 'keyring') return 'encryptedKeyring';
  return kind === 'auto' ? 'encryptedAuto' : kind;
}
