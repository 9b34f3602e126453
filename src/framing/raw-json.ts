import { elementTexts, memberSpans, nestingDepth } from './raw-spans.js';

const rawText = Symbol('raw JSON text');

/** A value that goes out as the JSON text it was made from. */
export interface RawJson {
  readonly [rawText]: string;
}

export function rawJson(text: string): RawJson {
  return { [rawText]: text };
}

function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && rawText in value;
}

/** Encodes an object as compact JSON. Its members may be raw JSON; anything deeper may not. */
export function encodeObject(object: object): string {
  const members = Object.entries(object) as [string, unknown][];
  if (!members.some(([, value]) => isRawJson(value))) return JSON.stringify(object);
  const texts = members
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => `${JSON.stringify(key)}:${isRawJson(value) ? value[rawText] : JSON.stringify(value)}`,
    );
  return `{${texts.join()}}`;
}

const maxNesting = 128;

/**
 * Compact text of a JSON value with the numbers as they were written, and the members in their order.
 *
 * As the reference writes them: an exponent gets its sign and a small `e`, the integer `-0` becomes `0`, and of a
 * repeated member the first place and the last value stay. Undefined for a value nested deeper than 128 levels.
 */
export function normalizedJson(text: string): string | undefined {
  return nestingDepth(text) > maxNesting ? undefined : normalized(text.trim());
}

function normalized(text: string): string {
  if (text.startsWith('{')) {
    const values = new Map(
      memberSpans(text).map(({ key, start, end }) => [key, text.slice(start, end)] as const),
    );
    return `{${[...values].map(([key, value]) => `${JSON.stringify(key)}:${normalized(value)}`).join()}}`;
  }
  if (text.startsWith('[')) return `[${elementTexts(text).map(normalized).join()}]`;
  if (text.startsWith('"')) return JSON.stringify(JSON.parse(text));
  if (text === '-0') return '0';
  if (/^[a-z]/.test(text)) return text;
  return text.replace(/e([+-]?)/i, (_, sign: string) => `e${sign || '+'}`);
}
