import { safeLine } from '../../util/text/safe-text.js';
import type { TextStyle } from './text-style.js';

/** Makes foreign text safe as `safeLine` does, and ASCII unless the terminal has Unicode. */
export function plainText(text: string, { hasUnicode }: TextStyle): string {
  const line = safeLine(text);
  return hasUnicode
    ? line
    : line
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[^ -~]/gu, '?');
}
