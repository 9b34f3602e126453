/**
 * A UUID in lower case with hyphens, from any of its spellings: with or without hyphens, in braces, behind
 * `urn:uuid:`. Undefined for any other text.
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

/** What stands in the braces or behind the prefix, and where it begins. */
export function unwrappedUuid(text: string): { body: string; offset: number } {
  if (text.startsWith('{') && text.endsWith('}')) return { body: text.slice(1, -1), offset: 1 };
  if (text.startsWith('urn:uuid:')) return { body: text.slice(9), offset: 9 };
  return { body: text, offset: 0 };
}
