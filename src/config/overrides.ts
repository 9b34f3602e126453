import { type Settings, wrongSetting } from './config-toml.js';
import { parseToml } from './toml.js';

/** A `-c` that cannot be used; the message is the sentence for stderr. */
export class OverrideError extends Error {}

/**
 * The settings of `-c key=value` arguments; the last one of a key counts. A value is TOML, else it is text.
 * @throws OverrideError without `=`, without a key, or with a value of the wrong type for a key that is read
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
