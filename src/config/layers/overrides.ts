import { readValues } from './keys.js';
import { type Table, withValueAt } from './table.js';
import { parseToml } from './toml.js';

/** An error for a `-c` that cannot be used. The message is for stderr. */
export class OverrideError extends Error {}

/**
 * Returns the settings of `-c key=value` arguments. The key is a dotted path, without quotes. The last value of a key
 * counts. A value that is not TOML is text.
 * @throws OverrideError if the `=` or the key is missing, or if the value of a known key has the wrong type
 */
export async function tableFromOverrides(overrides: readonly string[]): Promise<Table> {
  let table: Table = {};
  for (const override of overrides) {
    const equals = override.indexOf('=');
    const key = override.slice(0, Math.max(equals, 0)).trim();
    if (key === '')
      throw new OverrideError(`invalid override ${JSON.stringify(override)}: expected key=value`);
    table = withValueAt(table, key.split('.'), await overrideValue(override.slice(equals + 1).trim()));
  }
  const read = readValues('sessionFlags', table);
  if ('wrongKey' in read) throw new OverrideError(`invalid override: wrong type for ${read.wrongKey}`);
  return table;
}

async function overrideValue(text: string): Promise<unknown> {
  try {
    return (await parseToml(`value = ${text}`)).value;
  } catch {
    return text;
  }
}
