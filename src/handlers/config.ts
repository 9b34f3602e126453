import type { LayerSource } from '../config/layers/layers.js';
import type { Settings } from '../config/settings.js';
import type { ConfigReadParams, ConfigReadResponse } from '../protocol/schema/config.js';

export interface ConfigServices {
  /** Reads the settings. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  /** The sources of settings from weakest to strongest. */
  readonly settingsSources: readonly LayerSource[];
}

export function createConfigHandlers({ settings, settingsSources }: ConfigServices): {
  handleConfigRead(params: ConfigReadParams): Promise<ConfigReadResponse>;
} {
  return {
    async handleConfigRead({ includeLayers = false }) {
      const current = await settings();
      const { configFromSettings } = await import('../domain/configuration.js');
      return configFromSettings(current, settingsSources, includeLayers);
    },
  };
}
