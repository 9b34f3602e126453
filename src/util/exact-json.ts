/** Put before a number that JSON.parse would round, to carry it through as a string. */
const mark = '\u0000number ';

/**
 * Changes a JSON value and writes it prettily, with 2 blanks. Numbers that `edit` leaves alone stay as they were
 * written, also those that JavaScript cannot hold. `text` must be one that JSON.parse accepts.
 */
export function editedJson(text: string, edit: (value: unknown) => unknown): string {
  // A text that could be taken for a mark goes through as it is.
  if (text.includes('\\u0000')) return JSON.stringify(edit(JSON.parse(text)), null, 2);
  const marked = text.replace(stringOrNumber, (token) =>
    token.startsWith('"') || JSON.stringify(Number(token)) === token ? token : JSON.stringify(mark + token),
  );
  return JSON.stringify(edit(JSON.parse(marked)), null, 2).replace(markedNumber, '$1');
}

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\dEe]*/g;
const markedNumber = /"\\u0000number (-?\d[-+.\dEe]*)"/g;
