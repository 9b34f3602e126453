import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';

/** Counts the columns of a text; escape sequences take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Appends spaces up to a width. */
export function padTo(width: number, text: string): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Wraps a paragraph; `first` precedes its first line and `next` each further one. */
export function wrapped(text: string, columns: number, { first = '', next = '' } = {}): string[] {
  const fits = widthOf(first) + widthOf(text) <= columns;
  // Wraps at the narrower width, so that every line has room for its prefix.
  const room = Math.max(1, columns - Math.max(widthOf(first), widthOf(next)));
  const lines = fits ? [text] : wrapAnsi(text, room, { hard: true }).split('\n');
  return lines.map((line, index) => (index === 0 ? first : next) + line);
}

/** Wraps a message. A command at its end stays whole, on a line of its own if need be, so that it can be pasted. */
export function wrappedMessage(text: string, columns: number): string[] {
  const [, before, command] =
    /^(.*:) ((?:CODEX_HOME=\S+ )?codex-account-server(?: [\w-]+)*)$/s.exec(text) ?? [];
  const lines = wrapped(text, columns);
  if (before === undefined || command === undefined || lines.at(-1)?.endsWith(command)) return lines;
  return [...wrapped(before, columns), ...wrapped(command, columns)];
}

/** Replaces no-break spaces, which keep `wrapped` from splitting durations, by spaces. */
export function withoutJoints(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}
