import type { AuthStore } from '../auth/store.js';
import { createStores } from '../auth/stores.js';
import type { Settings } from '../config/config-toml.js';
import { createConfig } from '../config/config.js';
import { systemClock } from '../util/clock.js';

/** Reads the settings, or none if they cannot be read: a broken config.toml does not hide the login; D14. */
export function settingsAt(codexHome: string): Promise<Settings> {
  return createConfig({ codexHome, overrides: {} })
    .settings()
    .catch((): Settings => ({}));
}

/** Opens the store that holds the login of a CODEX_HOME. */
export async function storeAt(codexHome: string): Promise<AuthStore> {
  const { cli_auth_credentials_store: kind = 'file' } = await settingsAt(codexHome);
  return createStores({ codexHome, clock: systemClock, random: Math.random })(kind);
}
