import { expect, test } from 'vitest';
import { storeKind } from '../../../src/auth/store/store-kind.js';
import type { Values } from '../../../src/config/layers/keys.js';

test.each<[NodeJS.Platform, Values, string]>([
  ['linux', {}, 'file'],
  ['linux', { cli_auth_credentials_store: 'keyring' }, 'keyring'],
  [
    'linux',
    { cli_auth_credentials_store: 'keyring', features: { secret_auth_storage: true } },
    'encryptedKeyring',
  ],
  ['darwin', { cli_auth_credentials_store: 'auto' }, 'auto'],
  ['win32', {}, 'file'],
  ['win32', { cli_auth_credentials_store: 'keyring' }, 'encryptedKeyring'],
  ['win32', { cli_auth_credentials_store: 'auto' }, 'encryptedAuto'],
  ['win32', { cli_auth_credentials_store: 'auto', features: { secret_auth_storage: false } }, 'auto'],
  ['win32', { cli_auth_credentials_store: 'ephemeral' }, 'ephemeral'],
])('on %s with %j the store is %s', (platform, values, kind) => {
  expect(storeKind({ values, origins: new Map(), layers: [] }, platform)).toBe(kind);
});
