import type { AuthStore } from '../auth/store.js';
import { createStores } from '../auth/stores.js';
import type { Settings } from '../config/config-toml.js';
import { createConfig } from '../config/config.js';
import { systemClock } from '../util/clock.js';

/** Settings that cannot be read count as none: who is signed in is told all the same; D14. */
export function settingsAt(codexHome: string): Promise<Settings> {
  return createConfig({ codexHome, overrides: {} })
    .settings()
    .catch((): Settings => ({}));
}

/** Where the login of a CODEX_HOME is kept. */
export async function storeAt(codexHome: string): Promise<AuthStore> {
  const { cli_auth_credentials_store: kind = 'file' } = await settingsAt(codexHome);
  return createStores({ codexHome, clock: systemClock, random: Math.random })(kind);
}
