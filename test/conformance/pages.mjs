// The pages of the project that the cases prove.

/** The pages, below the root of the project. */
export const provenPages = [
  'schema/README.md',
  'src/auth/README.md',
  'src/backend/README.md',
  'src/snapshot/README.md',
  'src/config/README.md',
  'src/front/README.md',
];

/** The titles of sections that need no case, each with the reason. */
const withoutCase = new Map([
  ['What it costs', 'benchmarks measure it'],
  ['Platforms', 'a case runs on one platform'],
  [
    'Keys of requirements.toml',
    'the file is in /etc/codex, which no case may write; test/config has its own',
  ],
]);

/**
 * Returns the sections of some pages: each title with the text up to the next title, white space as single blanks.
 *
 * The title of a page, the text before its first section, and sections that need no case are ignored.
 *
 * @throws if two sections have the same title
 */
export function sectionsOf(pages) {
  const sections = new Map();
  for (const page of pages) {
    for (const part of withoutCode(page).split(/^##+ /m).slice(1)) {
      const end = part.indexOf('\n');
      const title = part.slice(0, end);
      if (withoutCase.has(title)) continue;
      if (sections.has(title)) throw new Error(`two sections are called ${title}`);
      sections.set(title, part.slice(end).replaceAll(/\s+/g, ' ').trim());
    }
  }
  return sections;
}

/** Removes code blocks, in which a line may begin with `#`. */
function withoutCode(page) {
  return page.replaceAll(/^```.*?^```$/gms, '');
}

/** Returns the second column of the table of departures by number: `D10` → `bad lines are ignored`. */
export function departuresOf(page) {
  const rows = page.matchAll(/^\| (D\d+) +\| (.+?) +\| .+\|$/gm);
  return new Map([...rows].map(([, number, reference]) => [number, reference]));
}
