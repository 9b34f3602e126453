import type { Settings } from '../../config/config-toml.js';
import { createConfig, usableSettings } from '../../config/config.js';

/** Reads the settings of a CODEX_HOME, or none if config.toml cannot be used. */
export function settingsAt(codexHome: string): Promise<Settings> {
  return usableSettings(createConfig({ codexHome, overrides: {} }).settings);
}
