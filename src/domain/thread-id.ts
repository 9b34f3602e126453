import { AppError } from '../util/errors.js';

/**
 * A UUID in lower case with hyphens, from any of its spellings: with or without hyphens, in braces, behind
 * `urn:uuid:`.
 * @throws AppError `invalidRequest` with the text of the reference's UUID parser
 */
export function normalizedThreadId(text: string): string {
  const digits = hexDigits(text);
  if (digits === undefined) {
    throw new AppError('invalidRequest', `invalid thread id: ${whyNoUuid(text)}`, {
      details: { member: 'threadId' },
    });
  }
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const simple = /^[0-9a-f]{32}$/i;
const hyphenated = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function hexDigits(text: string): string | undefined {
  if (simple.test(text)) return text;
  const { body } = unwrapped(text);
  return hyphenated.test(body) ? body.replaceAll('-', '') : undefined;
}

function unwrapped(text: string): { body: string; offset: number } {
  if (text.startsWith('{') && text.endsWith('}')) return { body: text.slice(1, -1), offset: 1 };
  if (text.startsWith('urn:uuid:')) return { body: text.slice(9), offset: 9 };
  return { body: text, offset: 0 };
}

const groupLengths = [8, 4, 4, 4, 12];

/** Lengths and places count bytes of UTF-8. */
function whyNoUuid(text: string): string {
  const { body, offset } = unwrapped(text);
  const odd = /[^0-9a-fA-F-]/u.exec(body);
  if (odd) {
    const place = Buffer.byteLength(body.slice(0, odd.index)) + offset + 1;
    return `invalid character: expected an optional prefix of \`urn:uuid:\` followed by [0-9a-fA-F-], found \`${odd[0]}\` at ${place}`;
  }
  const groups = body.split('-');
  if (groups.length === 1 && offset === 0) {
    return `invalid length: expected length 32 for simple format, found ${text.length}`;
  }
  if (groups.length !== 5) return `invalid group count: expected 5, found ${groups.length}`;
  const wrong = groups.findIndex((group, index) => group.length !== groupLengths[index]);
  return `invalid group length in group ${wrong}: expected ${groupLengths[wrong]}, found ${groups[wrong]?.length}`;
}
