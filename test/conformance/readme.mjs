// What the README says, which the cases prove.

/** The titles of its sections. */
export function sectionsOf(readme) {
  return new Set([...readme.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title));
}

/** The titles of the sections that are about the wire, the stored login and networks. */
export function wireSectionsOf(readme) {
  const chapters = readme.split(/^(?=## )/m);
  const chosen = chapters.filter((text) =>
    /^## (The protocol|Errors|The stored login|Networks)\n/.test(text),
  );
  return [...sectionsOf(chosen.join(''))];
}

/** What its table of departures says of codex, by number: `D10` → `bad lines are dropped in silence`. */
export function departuresOf(readme) {
  const rows = readme.matchAll(/^\| (D\d+) +\| (.+?) +\| .+\|$/gm);
  return new Map([...rows].map(([, number, reference]) => [number, reference]));
}
