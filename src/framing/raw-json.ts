import { scalarEnd, skipBlanks, skipSeparator, stringEnd } from './raw-spans.js';

const rawText = Symbol('raw JSON text');

/** A value that is sent as its source text. */
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
  if (!Object.values(object).some(isRawJson)) return JSON.stringify(object);
  const texts = (Object.entries(object) as [string, unknown][])
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => `${JSON.stringify(key)}:${isRawJson(value) ? value[rawText] : JSON.stringify(value)}`,
    );
  return `{${texts.join()}}`;
}

/**
 * Returns a compact JSON text with the numbers as written and the members in their order.
 *
 * It writes the same text as Codex: an exponent has a sign and a lower-case `e`, the integer `-0` becomes `0`, and a
 * repeated member has its first position and its last value. It recurses: the text must come from `parseJson`.
 */
export function normalizedJson(text: string): string {
  return normalizedAt(text, skipBlanks(text, 0)).json;
}

interface Normalized {
  readonly json: string;
  /** The position after the value in the text. */
  readonly end: number;
}

function normalizedAt(text: string, start: number): Normalized {
  const first = text.charAt(start);
  if (first === '{') return normalizedObject(text, start);
  if (first === '[') return normalizedArray(text, start);
  const end = first === '"' ? stringEnd(text, start) : scalarEnd(text, start);
  const scalar = text.slice(start, end);
  return { json: first === '"' ? JSON.stringify(JSON.parse(scalar)) : normalizedScalar(scalar), end };
}

function normalizedObject(text: string, start: number): Normalized {
  const values = new Map<string, string>();
  let at = skipBlanks(text, start + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const value = normalizedAt(text, skipBlanks(text, skipBlanks(text, keyEnd) + 1));
    values.set(JSON.parse(text.slice(at, keyEnd)) as string, value.json);
    at = skipSeparator(text, value.end);
  }
  const members = [...values].map(([key, value]) => `${JSON.stringify(key)}:${value}`);
  return { json: `{${members.join()}}`, end: at + 1 };
}

function normalizedArray(text: string, start: number): Normalized {
  const elements: string[] = [];
  let at = skipBlanks(text, start + 1);
  while (text[at] !== ']') {
    const { json, end } = normalizedAt(text, at);
    elements.push(json);
    at = skipSeparator(text, end);
  }
  return { json: `[${elements.join()}]`, end: at + 1 };
}

function normalizedScalar(text: string): string {
  if (text === '-0') return '0';
  if (/^[a-z]/.test(text)) return text;
  return text.replace(/e([+-]?)/i, (_, sign: string) => `e${sign || '+'}`);
}
