import { below, jsonText, pick, type Random } from './json-text.js';

/** A change of one member of a body, or of one row of a list in it. */
export interface Edit {
  /** Names and numbers of rows with slashes between them. */
  readonly place: string;
  /** The name of the member as JSON, absent for rows. */
  readonly apply: (name: string | undefined, value: string) => readonly string[];
  readonly title: string;
}

/** Creates one to three bad values at any places of the body. */
export function createEdits(random: Random, body: object): Edit[] {
  const places = placesIn(body);
  return Array.from({ length: pick(random, [1, 1, 1, 2, 3]) }, () =>
    createEdit(random, pick(random, places)),
  );
}

function createEdit(random: Random, place: string): Edit {
  const odd = oddText(random);
  const named = (name: string | undefined, value: string): string =>
    name === undefined ? value : `${name}:${value}`;
  const [title, apply] = pick<[string, Edit['apply']]>(random, [
    [odd, (name) => [named(name, odd)]],
    [odd, (name) => [named(name, odd)]],
    [odd, (name) => [named(name, odd)]],
    ['taken out', () => []],
    ['as text', (name, value) => [named(name, JSON.stringify(value))]],
    ['in a list', (name, value) => [named(name, `[${value}]`)]],
    [
      `behind ${odd}`,
      (name, value) => (name === undefined ? [value] : [named(name, odd), named(name, value)]),
    ],
    [
      'beside others',
      (name, value) => (name === undefined ? [value] : [`"later":${odd}`, named(name, value)]),
    ],
    ['spaced', (name, value) => [` ${named(name && `${name}\t`, `\r\n ${value} `)}`]],
  ]);
  return { place, apply, title };
}

function oddText(random: Random): string {
  return random() < 0.3 ? jsonText(random) : pick(random, oddValues);
}

const oddValues = [
  'null', 'true', 'false', '{}', '[]', '[[[]]]', '{"a":{"b":null}}', '{"type":7}', '[null,null]',
  '0', '-1', '-0', '1.5', '0.5', '-0.5', '1e3', '1E-7', '4294967296', '4102444800', '99999999999999999999', '1e400',
  '""', '" "', '"12"', '"1.5"', '" 7 "', '"-3"', '"1e3"', '"NaN"', '"odd"', '"PRO"', '"\\u00e9"', '"\\ud800"',
  '"2026-01-01T00:00:00Z"', '"2026-01-01t00:00:60.999-00:00"', '"2026-02-30T00:00:00Z"', '"2026-01-01"',
]; // prettier-ignore

/** Returns the body as JSON with these edits. */
export function editedText(body: unknown, edits: readonly Edit[], place = ''): string {
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const parts = Object.entries(body).flatMap(([name, value]) => {
    const below_ = place === '' ? name : `${place}/${name}`;
    const key = Array.isArray(body) ? undefined : JSON.stringify(name);
    const text = editedText(value, edits, below_);
    const edit = edits.find((candidate) => candidate.place === below_);
    if (edit) return edit.apply(key, text);
    return [key === undefined ? text : `${key}:${text}`];
  });
  return Array.isArray(body) ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

/** Lists every place in the body except the body itself. */
function placesIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => [
    name,
    ...placesIn(value).map((place) => `${name}/${place}`),
  ]);
}

/** Returns a body that is not JSON, or not an object. */
export function spoiledText(random: Random, text: string): string {
  const at = below(random, text.length);
  return pick(random, [
    () => text.slice(0, at),
    () => text.slice(0, at) + text.slice(at + 1 + below(random, 5)),
    () =>
      `${text.slice(0, at)}${pick(random, ['"', '{', ']', ',', '\\', '\u0000', '\ufffd', '7'])}${text.slice(at)}`,
    () => `[${text}]`,
    () => text + text,
    () => `\ufeff ${text}\n`,
    () => oddText(random),
  ])();
}
