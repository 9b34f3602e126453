import { isTable } from './table.js';

/**
 * Returns a TOML value as compact JSON with sorted keys, as codex writes and hashes it: integers digit by digit, a date
 * as an object, and null for numbers that JSON does not have.
 */
export function jsonFromToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonFromToml).join()}]`;
  if (value instanceof Date) return JSON.stringify({ $__toml_private_datetime: dateText(value) });
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatText(value);
  if (!isTable(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${jsonFromToml(value[key])}`);
  return `{${members.join()}}`;
}

/** Writes a fraction only if there is one. */
function dateText(date: Date): string {
  return date.toISOString().replace(/\.(\d*?)0+(?!\d)/, (_, digits: string) => (digits ? `.${digits}` : ''));
}

/** Writes a number with a fraction or an exponent. JavaScript changes to exponents at other sizes. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-5 || size >= 1e16)) return value.toExponential().replace('+', '');
  const text = Object.is(value, -0) ? '-0' : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}
