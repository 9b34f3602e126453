import type { Settings } from '../../config/config-toml.js';
import { createConfig } from '../../config/config.js';

/** Reads the settings, or none if they cannot be read: a broken config.toml does not hide the login; D14. */
export function settingsAt(codexHome: string): Promise<Settings> {
  return createConfig({ codexHome, overrides: {} })
    .settings()
    .catch((): Settings => ({}));
}
