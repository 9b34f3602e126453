import { type DecodedText, decodings } from './decode.js';
import { findAll, findBeginning, foldCase } from './find.js';

/**
 * Replaces every occurrence of every secret with `<redacted>`, in upper or lower case, and with any of its characters
 * escaped as in URLs, JSON or HTML (see `decodings`). Ignores empty secrets.
 *
 * It takes time and memory in proportion to the lengths of the text and the secrets.
 *
 * @param options.isCut whether the text continues: the beginning of a secret at its end is removed, too
 */
export function redact(
  text: string,
  secrets: readonly string[],
  { isCut = false }: { isCut?: boolean } = {},
): string {
  const wanted = new Set(secrets.filter((secret) => secret !== '').flatMap(foldedDecodings));
  if (wanted.size === 0) return text;
  const ranges: Range[] = [];
  let end = text.length;
  for (const decoded of decodings(text)) {
    const folded = foldCase(decoded.text);
    for (const secret of wanted) {
      for (const found of findAll(folded, secret)) ranges.push(rangeIn(decoded, found, secret.length));
      if (isCut) end = Math.min(end, decoded.starts[findBeginning(folded, secret)] ?? end);
    }
  }
  return masked(text, ranges, end);
}

/** The positions of the first character and of the one after the last. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Lists what may be found of a secret: a secret that looks like an escape changes with the text around it. */
function foldedDecodings(secret: string): string[] {
  return Array.from(decodings(secret), ({ text }) => foldCase(text));
}

function rangeIn({ starts }: DecodedText, found: number, length: number): Range {
  return { start: starts[found] ?? 0, end: starts[found + length] ?? 0 };
}

/** Masks the ranges, those that overlap as one, and removes the text from `end` on. */
function masked(text: string, ranges: Range[], end: number): string {
  const parts: string[] = [];
  let done = 0;
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    if (range.start >= end) break;
    if (range.start >= done) parts.push(text.slice(done, range.start), '<redacted>');
    done = Math.max(done, range.end);
  }
  return parts.join('') + text.slice(done, Math.max(done, end));
}
