/** Counts how many letters have to be replaced, added or removed. */
export function editDistance(one: string, other: string): number {
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

/** Returns the word that is most like a misspelt one; undefined if none is like it. */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const most = Math.min(2, Math.ceil(word.replace(/^-+/, '').length / 2));
  const [nearest] = words
    .map((each) => ({ each, distance: editDistance(word, each) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance);
  return nearest?.each;
}
