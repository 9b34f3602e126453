/** Prefix for a number that JSON.parse would round. It turns the number into a string until the text is written. */
const numberMark = '\u0000number ';

/** Prefix for a name with escapes. It is a noncharacter, which JSON writes without an escape. */
const nameMark = '\uFDD0name ';

/**
 * Edits a JSON value and returns its text, indented by 2 spaces. Numbers that `edit` does not change keep their text,
 * even if JavaScript cannot represent them. `text` must be valid JSON.
 *
 * `edit` gets a mark in place of a name that cannot be written without an escape, because JSON.parse of V8 13.6
 * (node 24) can give such a member another name: https://github.com/nodejs/node/issues/63785.
 */
export function editedJson(text: string, edit: (value: unknown) => unknown): string {
  // A string in this text could look like a mark, so nothing is marked.
  if (/\\u0000|\uFDD0|\\ufdd0/i.test(text)) return JSON.stringify(edit(JSON.parse(text)), null, 2);
  const names: string[] = [];
  const marked = text.replace(token, (found: string, escapedName: string | undefined) => {
    if (escapedName !== undefined) return markedName(escapedName, names);
    return found.startsWith('"') || JSON.stringify(Number(found)) === found
      ? found
      : JSON.stringify(numberMark + found);
  });
  return JSON.stringify(edit(JSON.parse(marked)), null, 2)
    .replace(markedNumber, '$1')
    .replace(markedNames, (_, index: string) => names[Number(index)] ?? '');
}

/** Returns the name without escapes, or a mark in its place. The same name gets the same mark, so that it stays one member. */
function markedName(escapedName: string, names: string[]): string {
  const name = JSON.stringify(JSON.parse(escapedName));
  if (!name.includes('\\')) return name;
  if (!names.includes(name)) names.push(name);
  return `"${nameMark}${names.indexOf(name)}"`;
}

/** A name with escapes, any other string, or a number. */
const token = /("[^"\\]*(?:\\.[^"\\]*)+")(?=\s*:)|"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\dEe]*/g;
const markedNumber = /"\\u0000number (-?\d[-+.\dEe]*)"/g;
const markedNames = /"\uFDD0name (\d+)"/g;
