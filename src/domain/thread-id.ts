import { AppError } from '../util/errors.js';
import { parsedUuid, unwrappedUuid } from './uuid.js';

/**
 * Returns a thread id in lower case with hyphens.
 *
 * @throws AppError `invalidRequest` with the text of the reference's UUID parser
 */
export function normalizedThreadId(text: string): string {
  const uuid = parsedUuid(text);
  if (uuid !== undefined) return uuid;
  throw new AppError('invalidRequest', `invalid thread id: ${uuidError(text)}`, {
    details: { member: 'threadId' },
  });
}

const groupLengths = [8, 4, 4, 4, 12];

/** Returns the message of the reference's UUID parser. Lengths and positions count bytes of UTF-8. */
function uuidError(text: string): string {
  const { body, offset } = unwrappedUuid(text);
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
