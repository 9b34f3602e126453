/**
 * Positions in a JSON text. JSON.parse loses the text of integers beyond 2^53, of repeated members and of numbers like
 * `1.10`. These functions find it in the source. They expect text that JSON.parse accepts.
 */

/** A member of an object: its name and the position of its value. */
export interface MemberSpan {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** Yields the members of the object in `text`, including repeated ones, in their order. */
export function* memberSpans(text: string): Generator<MemberSpan> {
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const key = stringAt(text, at, keyEnd);
    const start = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    yield { key, start, end };
    at = skipSeparator(text, end);
  }
}

function stringAt(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inside;
}

/** Returns the text of the last member named `key` of the object in `text`. */
export function memberText(text: string, key: string): string | undefined {
  let last: string | undefined;
  for (const member of memberSpans(text)) {
    if (member.key === key) last = text.slice(member.start, member.end);
  }
  return last;
}

/** Yields the texts of the elements of the array in `text`. */
export function* elementTexts(text: string): Generator<string> {
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (text[at] !== ']') {
    const end = valueEnd(text, at);
    yield text.slice(at, end);
    at = skipSeparator(text, end);
  }
}

function valueEnd(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first !== '{' && first !== '[') return scalarEnd(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

/** Returns the end of the string that starts at `start`. */
export function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** Returns the end of the number, `true`, `false` or `null` that starts at `start`. */
export function scalarEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

/** Returns the start of the next member or element after one that ends at `from`, or the closing bracket. */
export function skipSeparator(text: string, from: number): number {
  const at = skipBlanks(text, from);
  return text[at] === ',' ? skipBlanks(text, at + 1) : at;
}

/** Returns the first position at or after `from` that is not JSON white space. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= blank) at += 1;
  return at;
}

/** Between the values of a JSON text, every character up to this one is white space. */
const blank = 0x20;

/** Checks for white space, `,`, `]` or `}`. */
function endsScalar(code: number): boolean {
  return code <= blank || code === 0x2c || code === 0x5d || code === 0x7d;
}
