/**
 * Returns the text in lower case, with blanks in place of `+`, as forms write them. Keeps the length, so that positions
 * stay the same.
 */
export function foldCase(text: string): string {
  const blanks = text.replaceAll('+', ' ');
  // Some letters become two in lower case, and the lower case of a sigma depends on the letters beside it.
  return /^[\0-\x7f]*$/.test(blanks) ? blanks.toLowerCase() : blanks.replace(/[^a-z]/g, lowerCase);
}

function lowerCase(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === 1 ? lower : character;
}

/** The length of the part of a secret that is looked for first, with the search of the engine. */
const headLength = 8;

/** Returns the position of each occurrence, also of those that overlap. */
export function findAll(text: string, secret: string): number[] {
  if (!text.includes(secret.slice(0, headLength))) return [];
  const found: number[] = [];
  matchedLengths(text, secret, (matched, end) => {
    if (matched === secret.length) found.push(end - matched);
  });
  return found;
}

/** How much of an escape may stand after the beginning of a secret. */
const longestCutEscape = 32;

/**
 * Returns the position of a beginning of the secret at the end of a text that was cut, or the length of the text. An
 * escape of the next character may be cut, too.
 */
export function findBeginning(text: string, secret: string): number {
  const skipped = Math.max(0, text.length - secret.length - longestCutEscape);
  const part = text.slice(skipped);
  let first = part.length;
  matchedLengths(part, secret, (matched, end) => {
    if (matched === 0 || matched === secret.length || end < part.length - longestCutEscape) return;
    if (/^(?:$|[\\%&\ufffd])/.test(part.slice(end))) first = Math.min(first, end - matched);
  });
  return skipped + first;
}

/**
 * Calls `onLength` after each character of the text with the length of the longest beginning of the secret that ends
 * there. The algorithm of Knuth, Morris and Pratt: it never goes back in the text, whatever the text and the secret.
 */
function matchedLengths(
  text: string,
  secret: string,
  onLength: (matched: number, end: number) => void,
): void {
  const borders = bordersOf(secret);
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    matched = extended(text.charCodeAt(at), matched);
    onLength(matched, at + 1);
  }

  function extended(code: number, length: number): number {
    let shorter = length;
    while (shorter > 0 && (shorter === secret.length || secret.charCodeAt(shorter) !== code)) {
      shorter = borders[shorter] ?? 0;
    }
    return secret.charCodeAt(shorter) === code ? shorter + 1 : 0;
  }
}

/** Returns for each length the length of the longest shorter beginning that is also an end of that part. */
function bordersOf(secret: string): Uint32Array {
  const borders = new Uint32Array(secret.length + 1);
  let border = 0;
  for (let at = 1; at < secret.length; at += 1) {
    while (border > 0 && secret.charCodeAt(at) !== secret.charCodeAt(border)) border = borders[border] ?? 0;
    if (secret.charCodeAt(at) === secret.charCodeAt(border)) border += 1;
    borders[at + 1] = border;
  }
  return borders;
}
