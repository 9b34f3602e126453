/** The parts of a comparison, and the number that each adds to the exit code. */
const categories = [
  ['added', 'added there', 4],
  ['missing', 'missing there', 8],
  ['changed', 'changed, here → there', 16],
  ['newMethods', 'methods under account/ that are new there', 32],
];

/** Formats the result of `compareSchemas` for people. */
export function reportText(found) {
  const parts = [
    `the same: ${found.same.length} types and methods`,
    ...categories.map(([category, title]) => listText(title, found[category])),
    listText('known', found.known),
  ];
  return parts.join('\n');
}

/**
 * Returns 0 if there are only known differences, otherwise the sum of the codes of the parts. 1 and 2 mean failures.
 */
export function exitCodeOf(found) {
  return categories.reduce((sum, [category, , code]) => sum + (found[category].length > 0 ? code : 0), 0);
}

function listText(title, lines) {
  return [`${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`)].join('\n');
}
