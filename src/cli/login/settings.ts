import { createConfig } from '../../config/config.js';
import { usableSettings } from '../../config/invalid-config.js';
import type { Settings } from '../../config/settings.js';
import { systemClock } from '../../util/clock.js';
import { administratorFiles } from '../environment.js';

/** Reads the settings that apply to a CODEX_HOME, as far as their files can be used. */
export function settingsAt(codexHome: string): Promise<Settings> {
  const options = { codexHome, overrides: {}, administratorFiles: administratorFiles(), clock: systemClock };
  return usableSettings(createConfig(options).settings);
}
