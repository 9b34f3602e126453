/** What a JSON text is, in the reference's words: `string "x"`, `integer `5``, `map`. */
export function found(text: string): string {
  const first = text.charAt(0);
  if (first === '"') return `string ${quoted(JSON.parse(text) as string)}`;
  if (first === '[') return 'sequence';
  if (first === '{') return 'map';
  if (first === 'n') return 'null';
  if (first === 't' || first === 'f') return `boolean \`${text}\``;
  return /^-?\d+$/.test(text) ? `integer \`${text === '-0' ? '0' : text}\`` : `floating point \`${text}\``;
}

const named = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

/** Quotes text as Rust's debug form does: what cannot be printed becomes `\u{…}`, the apostrophe stays. */
function quoted(text: string): string {
  const escaped = text.replace(
    /["\\]|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Grapheme_Extend}]/gu,
    (character) =>
      character === ' '
        ? character
        : (named.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`),
  );
  return `"${escaped}"`;
}
