/** Marks a number that JSON.parse would round, to carry it through as a string. */
const numberMark = '\u0000number ';

/** Marks a name with escapes; a noncharacter, so that the mark is written without an escape. */
const nameMark = '\uFDD0name ';

/**
 * Changes a JSON value and writes it prettily, with 2 blanks. Numbers that `edit` leaves alone stay as they were
 * written, also those that JavaScript cannot hold. `text` must be one that JSON.parse accepts.
 *
 * `edit` gets a mark in place of a name that cannot be written without an escape: JSON.parse of V8 13.6 (node 24)
 * may give such a member another name, https://github.com/nodejs/node/issues/63785.
 */
export function editedJson(text: string, edit: (value: unknown) => unknown): string {
  // A text that could be taken for a mark goes through as it is.
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
