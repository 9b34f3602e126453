/**
 * Returns a UUID in lower case with hyphens, undefined for any other text. Accepts a UUID with or without hyphens, in
 * braces, or after `urn:uuid:`.
 */
export function parsedUuid(text: string): string | undefined {
  const digits = hexDigits(text)?.toLowerCase();
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const simple = /^[0-9a-f]{32}$/i;
const hyphenated = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function hexDigits(text: string): string | undefined {
  if (simple.test(text)) return text;
  const { body } = unwrappedUuid(text);
  return hyphenated.test(body) ? body.replaceAll('-', '') : undefined;
}

/** Removes braces or the prefix. `offset` is the position of the body in the text. */
export function unwrappedUuid(text: string): { body: string; offset: number } {
  if (text.startsWith('{') && text.endsWith('}')) return { body: text.slice(1, -1), offset: 1 };
  if (text.startsWith('urn:uuid:')) return { body: text.slice(9), offset: 9 };
  return { body: text, offset: 0 };
}
