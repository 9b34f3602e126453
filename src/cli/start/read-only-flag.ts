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
    distance(letters.slice(0, 2 * flagLetters.length), flagLetters) <= 2
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

/** Counts how many letters have to be replaced, added or removed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [at, wanted] of Array.from(other).entries()) {
      const replaced = (row[at] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
