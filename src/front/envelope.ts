import { memberSpans, skipBlanks } from '../framing/raw-spans.js';

/** The envelope of a message of the other server. Nothing below its members is read. */
export interface Envelope {
  readonly kind: 'request' | 'notification' | 'response';
  /** Whether it is a response with an error. */
  readonly isError: boolean;
  /** Undefined for a response. */
  readonly method: string | undefined;
  /** The position of the id; undefined for a notification. */
  readonly id: { readonly start: number; readonly end: number } | undefined;
  /** The positions after the first brace and of the last one. */
  readonly start: number;
  readonly end: number;
}

/** Finds the envelope of a message. Returns undefined if the text has none. The values of members are not checked. */
export function readEnvelope(text: string): Envelope | undefined {
  const open = skipBlanks(text, 0);
  if (text[open] !== '{') return undefined;
  let id: Envelope['id'];
  let method: string | undefined;
  let answer: 'result' | 'error' | undefined;
  let last = open + 1;
  try {
    for (const { key, start, end } of memberSpans(text)) {
      last = end;
      if (key === 'id') id = idAt(text, start, end);
      else if (key === 'method') method = methodAt(text, start, end);
      else if (key === 'result' || key === 'error') answer = key;
    }
  } catch {
    return undefined;
  }
  const end = skipBlanks(text, last);
  if (text[end] !== '}' || skipBlanks(text, end + 1) < text.length) return undefined;
  if (method !== undefined) {
    return { kind: id ? 'request' : 'notification', isError: false, method, id, start: open + 1, end };
  }
  if (answer === undefined || id === undefined) return undefined;
  return { kind: 'response', isError: answer === 'error', method, id, start: open + 1, end };
}

/** @throws Error for a string that is not JSON */
function idAt(text: string, start: number, end: number): Envelope['id'] {
  if (text[start] === '"') JSON.parse(text.slice(start, end));
  return text.startsWith('null', start) ? undefined : { start, end };
}

function methodAt(text: string, start: number, end: number): string | undefined {
  return text[start] === '"' ? (JSON.parse(text.slice(start, end)) as string) : undefined;
}

/** Returns the text of the id as JSON; of a string, without needless escapes. */
export function idTextAt(text: string, { start, end }: { start: number; end: number }): string {
  const written = text.slice(start, end);
  return written.startsWith('"') ? JSON.stringify(JSON.parse(written)) : written;
}

/** Returns the text with another id. It has an id. */
export function withId(text: string, idText: string): string {
  const id = readEnvelope(text)?.id;
  return id ? text.slice(0, id.start) + idText + text.slice(id.end) : text;
}
