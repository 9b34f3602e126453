/**
 * Makes foreign text safe for a terminal: one line without control characters and without the characters that change
 * the direction of writing, which could disguise a text.
 */
export function safeLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/**
 * Writes JSON that is safe for a terminal: the characters that `safeLine` replaces are escaped, so that a parser returns
 * the same value.
 *
 * @param indent the spaces of each level; without it the JSON is one line
 */
export function safeJson(value: unknown, indent = 0): string {
  // Inside strings, JSON.stringify itself escapes the control characters below U+0020.
  const json = JSON.stringify(value, null, indent);
  return plainJson.test(json) ? json : json.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

/** ASCII, for which the other expression need not be compiled: Unicode classes take long. */
const plainJson = /^[\n -~]*$/;

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
