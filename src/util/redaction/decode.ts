import { entityPattern, namedCharacter } from './entity-names.js';

/** A text, and where its characters stand in the text that it was decoded from. */
export interface DecodedText {
  readonly text: string;
  /** The position of each character, and at the end that of the end. */
  readonly starts: Uint32Array;
}

/** How often escapes are undone: an escape can itself be escaped. */
const maxTimes = 4;

/**
 * Yields the text as it is, and then decoded once, twice, and so on, until nothing changes or four times.
 *
 * The escapes of all formats are undone at the same time, so that a word may mix them. They are also undone for each
 * format alone: what one format reads as an escape can be plain text in another.
 */
export function* decodings(text: string): Generator<DecodedText> {
  const plain = { text, starts: new Uint32Array(text.length + 1) };
  for (let at = 0; at <= text.length; at += 1) plain.starts[at] = at;
  yield plain;
  const seen = new Set([text]);
  for (const escape of escapesOf(text)) {
    let decoded: DecodedText = plain;
    for (let times = 0; times < maxTimes; times += 1) {
      const next = decodedOnce(decoded, escape);
      if (next.text === decoded.text) break;
      decoded = next;
      if (!seen.has(next.text)) yield next;
      seen.add(next.text);
    }
  }
}

const json = String.raw`\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])`;

/** Characters of one to four bytes of UTF-8. */
const percent = '%(?:[0-7]H|[c-dC-D]H%N|[eE]H%N%N|[fF][0-7]%N%N%N)'
  .replaceAll('N', '[89abAB]H')
  .replaceAll('H', '[0-9a-fA-F]');

/** Escapes that only JavaScript and some other languages have. */
const others = String.raw`\\(?:u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|[^a-zA-Z0-9])|%u[0-9a-fA-F]{4}`;

/** Returns the pattern of all escapes, and that of each format. Empty if the text holds no escape. */
function escapesOf(text: string): RegExp[] {
  if (!/[\\%&]/.test(text)) return [];
  const html = entityPattern();
  return [`${json}|${percent}|${html}|${others}`, json, percent, html].map(
    (pattern) => new RegExp(pattern, 'g'),
  );
}

function decodedOnce({ text, starts }: DecodedText, escape: RegExp): DecodedText {
  const parts: string[] = [];
  const newStarts = new Uint32Array(text.length + 1);
  const characters = new Map<string, string>();
  let length = 0;
  let from = 0;
  const copyUntil = (end: number): void => {
    parts.push(text.slice(from, end));
    newStarts.set(starts.subarray(from, end), length);
    length += end - from;
  };
  for (const { 0: escaped, index } of text.matchAll(escape)) {
    const character = characters.get(escaped) ?? decodedCharacter(escaped);
    characters.set(escaped, character);
    if (index > from) copyUntil(index);
    parts.push(character);
    for (let end = length + character.length; length < end; length += 1)
      newStarts[length] = starts[index] ?? 0;
    from = index + escaped.length;
  }
  copyUntil(text.length);
  newStarts[length] = starts[text.length] ?? 0;
  return { text: parts.join(''), starts: newStarts.subarray(0, length + 1) };
}

const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function decodedCharacter(escaped: string): string {
  const kind = escaped.charAt(0);
  const rest = escaped.slice(1);
  if (kind === '&') return decodedEntity(rest.replace(';', ''));
  const digits = /^[ux]\{?([0-9a-f]+)/i.exec(rest)?.[1];
  if (digits !== undefined) return fromCode(Number.parseInt(digits, 16));
  return kind === '%' ? Buffer.from(rest.replaceAll('%', ''), 'hex').toString() : (controls[rest] ?? rest);
}

function decodedEntity(name: string): string {
  if (name.startsWith('#')) return fromCode(Number(name.slice(1).replace(/^x/i, '0x')));
  return namedCharacter(name);
}

function fromCode(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd';
}
