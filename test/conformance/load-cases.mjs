import fs from 'node:fs';

/**
 * Loads all cases of a directory, each under the name `subject: name`, in the order of the files.
 *
 * A case is `{ name, promise, run }` and optionally:
 * - `login`, `config`: the files in CODEX_HOME
 * - `departure`: the number under which codex differs on purpose, or `P` with a `reason`
 * - `isPatient`, `limitMs`: it mostly waits, and for how long it may
 *
 * `promise` is the section of the README that it proves, then `: ` and what the section says.
 * @param sections the titles of these sections
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

/** The section of the README that a case is about. */
export function sectionOf({ promise }) {
  return String(promise).split(': ')[0];
}

function faultOf(test, others, sections) {
  const { name, departure, reason } = test;
  if (others.some((other) => other.name === name)) return 'another case has this name';
  const section = sectionOf(test);
  if (!sections.has(section)) return `the README has no section ${section}`;
  if (departure === 'P') return reason ? undefined : 'there is no reason';
  if (departure && !/^D\d+(?:, D\d+)*$/.test(departure)) return `${departure} is no departure`;
  return undefined;
}
