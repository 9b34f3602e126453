/** Prefix for a number that JSON.parse would round. It turns the number into a string until the text is written. */
const mark = '\u0000number ';

/**
 * Edits a JSON value and returns its text, indented by 2 spaces. Numbers that `edit` does not change keep their text,
 * even if JavaScript cannot represent them. `text` must be valid JSON.
 */
export function editedJson(text: string, edit: (value: unknown) => unknown): string {
  // A string in this text could look like a mark, so its numbers are not marked.
  if (text.includes('\\u0000')) return JSON.stringify(edit(JSON.parse(text)), null, 2);
  const marked = text.replace(stringOrNumber, (token) =>
    token.startsWith('"') || JSON.stringify(Number(token)) === token ? token : JSON.stringify(mark + token),
  );
  return JSON.stringify(edit(JSON.parse(marked)), null, 2).replace(markedNumber, '$1');
}

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[-+.\dEe]*/g;
const markedNumber = /"\\u0000number (-?\d[-+.\dEe]*)"/g;
