// What the README says, which the cases prove.

/** The titles of its sections. */
export function sectionsOf(readme) {
  return new Set([...readme.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title));
}

/** The titles of those sections that are about the wire, the stored login and networks. */
export function wireSectionsOf(readme) {
  const [, text = ''] = /^(## The protocol\n.*?)^## What a start costs\n/ms.exec(readme) ?? [];
  return [...sectionsOf(text)];
}

/** What its table of departures says of codex, by number: `D10` → `bad lines are dropped in silence`. */
export function departuresOf(readme) {
  const rows = readme.matchAll(/^\| (D\d+) +\| (.+?) +\| .+\|$/gm);
  return new Map([...rows].map(([, number, reference]) => [number, reference]));
}
