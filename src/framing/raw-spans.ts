/**
 * Places in a JSON text. JSON.parse loses what integers beyond 2^53, repeated members and numbers like `1.10` looked
 * like; these functions find their text again. They expect text that JSON.parse has accepted.
 */

/** A member of an object: its name, and where its value stands. */
export interface MemberSpan {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** The members of the object that `text` is, in the order of the text, repeated ones too. */
export function memberSpans(text: string): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at);
    const key = stringAt(text, at, keyEnd);
    const start = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    spans.push({ key, start, end });
    at = skipSeparator(text, end);
  }
  return spans;
}

function stringAt(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end - 1);
  return inside.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inside;
}

/** The text of the last member named `key` of the object that `text` is. */
export function memberText(text: string, key: string): string | undefined {
  const span = memberSpans(text).findLast((member) => member.key === key);
  return span && text.slice(span.start, span.end);
}

/** The texts of the elements of the array that `text` is. */
export function elementTexts(text: string): string[] {
  const texts: string[] = [];
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (text[at] !== ']') {
    const end = valueEnd(text, at);
    texts.push(text.slice(at, end));
    at = skipSeparator(text, end);
  }
  return texts;
}

/** How deep arrays and objects nest; 0 for a scalar. Works in bounded stack at any depth. */
export function nestingDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
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

/** Where the string that starts at `start` ends. */
export function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** Where the number, `true`, `false` or `null` that starts at `start` ends. */
export function scalarEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

/** The start of the next member or element after one that ends at `from`, or the closing bracket. */
export function skipSeparator(text: string, from: number): number {
  const at = skipBlanks(text, from);
  return text[at] === ',' ? skipBlanks(text, at + 1) : at;
}

/** The first place at or after `from` that is no JSON white space. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= blank) at += 1;
  return at;
}

/** Below it there is nothing but white space between the values of a JSON text. */
const blank = 0x20;

/** White space, or one of `,` `]` `}`. */
function endsScalar(code: number): boolean {
  return code <= blank || code === 0x2c || code === 0x5d || code === 0x7d;
}
