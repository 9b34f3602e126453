import fs from 'node:fs';

/**
 * Loads all cases of a directory, each under the name `subject: name`, in the order of the files.
 *
 * A case is `{ name, promise, run }` and, as needed:
 * - `login`, `config`: the files in CODEX_HOME
 * - `departure`: the numbers of the departures that explain the difference of codex, or `P` with a `reason`
 * - `mostlyWaits`: it runs in addition to the jobs; `limitMs`: its time limit
 *
 * `promise` is the title of the section that the case proves, then `: ` and words of that section; or a list of such
 * texts.
 *
 * @param sections the text of each section by its title, as `sectionsOf` returns them
 */
export async function loadCases(directory, sections) {
  const files = fs
    .readdirSync(directory)
    .filter((file) => file.endsWith('.mjs'))
    .sort();
  const cases = [];
  for (const file of files) {
    const { default: own } = await import(new URL(file, directory));
    const subject = file.slice(0, -'.mjs'.length).replaceAll('-', ' ');
    for (const test of own) {
      const named = { ...test, name: `${subject}: ${test.name}` };
      const fault = faultOf(named, cases, sections);
      if (fault) throw new Error(`${named.name}: ${fault}`);
      cases.push(named);
    }
  }
  return cases;
}

/** Returns the titles of the sections that a case proves. */
export function sectionsProvenBy({ promise }) {
  return [promise].flat().map(titleOf);
}

function titleOf(promise) {
  return String(promise).split(': ')[0];
}

function faultOf(test, others, sections) {
  const { name, departure, reason } = test;
  if (others.some((other) => other.name === name)) return 'another case has this name';
  for (const promise of [test.promise].flat()) {
    const section = titleOf(promise);
    const text = sections.get(section);
    if (text === undefined) return `no page has a section ${section}`;
    const words = String(promise).slice(section.length + ': '.length);
    if (!text.includes(words)) return `the section ${section} does not contain: ${words}`;
  }
  if (departure === 'P') return reason ? undefined : 'the reason is missing';
  if (departure && !/^D\d+(?:, D\d+)*$/.test(departure))
    return `${departure} is not the number of a departure`;
  return undefined;
}
