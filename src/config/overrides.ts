import { type Settings, wrongSetting } from './config-toml.js';
import { parseToml } from './toml.js';

/** An error for a `-c` that cannot be used. The message is for stderr. */
export class OverrideError extends Error {}

/**
 * Returns the settings of `-c key=value` arguments. The last one of a key counts. A value that is not TOML is text.
 * @throws OverrideError if the `=` or the key is missing, or if the value of a known key has the wrong type
 */
export async function settingsFromOverrides(overrides: readonly string[]): Promise<Settings> {
  const settings: Record<string, unknown> = {};
  for (const override of overrides) {
    const equals = override.indexOf('=');
    const key = override.slice(0, Math.max(equals, 0)).trim();
    if (key === '')
      throw new OverrideError(`invalid override ${JSON.stringify(override)}: expected key=value`);
    settings[key] = await overrideValue(override.slice(equals + 1).trim());
  }
  const wrong = wrongSetting(settings);
  if (wrong !== undefined) throw new OverrideError(`invalid override: wrong type for ${wrong}`);
  return settings;
}

async function overrideValue(text: string): Promise<unknown> {
  try {
    return (await parseToml(`value = ${text}`)).value;
  } catch {
    return text;
  }
}
