import { editDistance } from '../../util/text/edit-distance.js';

/** The flag with which the server changes nothing. */
export const readOnlyFlag = '--read-only';

const flagLetters = 'readonly';

/**
 * Returns whether an argument looks like an attempt to write `--read-only`: in other letters or with other separators,
 * with a value, cut off, longer, after blanks or invisible characters, or with at most two wrong letters.
 */
export function resemblesReadOnly(argument: string): boolean {
  if (!/^[\p{Z}\p{C}]*[\p{Pd}\u2212]/u.test(argument)) return false;
  const letters = lettersOf(argument.replace(/=.*/s, ''));
  if (letters.length < 4) return false;
  return (
    letters.includes(flagLetters) ||
    flagLetters.startsWith(letters) ||
    editDistance(letters.slice(0, 2 * flagLetters.length), flagLetters) <= 2
  );
}

/** Returns whether an argument is the flag without its hyphens in front. */
export function isReadOnlyWord(argument: string): boolean {
  return lettersOf(argument) === flagLetters;
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
