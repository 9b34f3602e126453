// Reads the parts of the README that the cases prove.

/** Returns the titles of its sections. */
export function sectionsOf(readme) {
  return new Set([...readme.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title));
}

/** Returns the titles of the sections about the wire, the stored login and networks. */
export function wireSectionsOf(readme) {
  const chapters = readme.split(/^(?=## )/m);
  const chosen = chapters.filter((text) =>
    /^## (The protocol|Errors|The stored login|Networks)\n/.test(text),
  );
  return [...sectionsOf(chosen.join(''))];
}

/** Reads what codex does from the table of departures, by number: `D10` → `bad lines are dropped in silence`. */
export function departuresOf(readme) {
  const rows = readme.matchAll(/^\| (D\d+) +\| (.+?) +\| .+\|$/gm);
  return new Map([...rows].map(([, number, reference]) => [number, reference]));
}
