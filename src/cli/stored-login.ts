import type { Settings } from '../config/config-toml.js';
import { createConfig } from '../config/config.js';

/** Settings that cannot be read count as none: who is signed in is told all the same; D14. */
export function settingsAt(codexHome: string): Promise<Settings> {
  return createConfig({ codexHome, overrides: {} })
    .settings()
    .catch((): Settings => ({}));
}
