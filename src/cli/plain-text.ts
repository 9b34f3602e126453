import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';
import type { Look } from './look.js';

/** Text from elsewhere, made safe for a terminal: one line, no control characters. */
export function safeLine(text: string): string {
  // Besides control characters, those that turn the direction of writing and could make a text read otherwise.
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** The same, in ASCII where there is no more. */
export function plainText(text: string, { hasUnicode }: Look): string {
  const line = safeLine(text);
  return hasUnicode
    ? line
    : line
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[^ -~]/gu, '?');
}

/** How many columns it takes; escape sequences take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Puts spaces behind it. */
export function padTo(width: number, text: string): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The lines of a paragraph at that width; `first` and `next` stand before the first and the further ones. */
export function wrapped(text: string, columns: number, { first = '', next = '' } = {}): string[] {
  const fits = widthOf(first) + widthOf(text) <= columns;
  // Wrapped at the narrower width, so that every line has room for what stands before it.
  const room = Math.max(1, columns - Math.max(widthOf(first), widthOf(next)));
  const lines = fits ? [text] : wrapAnsi(text, room, { hard: true }).split('\n');
  return lines.map((line, index) => (index === 0 ? first : next) + line);
}

/** With spaces for the no-break spaces, which have held together what is not to be torn. */
export function withoutJoints(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}
