import type { Framing } from '../../../src/framing/frame.js';

/**
 * Returns the id, as JSON, of the answer that a message must get (D10): its own if it is usable, otherwise `null`.
 * Undefined if no answer may come: for notifications, responses of the client, and blank lines.
 *
 * An independent version of `framing/message-parser`.
 */
export function expectedAnswer(bytes: Uint8Array, framing: Framing): string | undefined {
  const text = utf8Text(bytes);
  if (text === undefined) return 'null';
  if (framing === 'lines' && text.replaceAll(/[ \t\r]/g, '') === '') return undefined;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'null';
  if (jsonTokens(text).some((token) => token.startsWith('"') && !isWellFormed(token))) return 'null';

  const { members, depth } = outerMembers(text);
  const read = (name: string): unknown => (value as Record<string, unknown>)[name];
  const has = (name: string): boolean => members.some(([key]) => key === name);
  const isRepeated = ['id', 'method', 'params', 'trace'].some(
    (name) => members.filter(([key]) => key === name).length > 1,
  );
  if (isRepeated) return 'null';
  const isMethodNull = !has('method') || read('method') === null;
  if (isMethodNull && (has('result') || has('error'))) return undefined;
  const id = usableId(read('id'), members.find(([key]) => key === 'id')?.[1]);
  if (has('id') && id === undefined) return 'null';
  const isWrong = typeof read('method') !== 'string' || !isTrace(read('trace')) || depth > 127;
  return id ?? (isWrong ? 'null' : undefined);
}

/** Removes a byte order mark at the start. */
function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns undefined if it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Splits a JSON text into strings, brackets, commas, colons and scalars. */
function jsonTokens(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^{}[\],:"\s]+/g) ?? [];
}

function isWellFormed(stringToken: string): boolean {
  const text = JSON.parse(stringToken) as string;
  return Buffer.from(text).toString() === text;
}

/** Reads the members of an object, each with the first token of its value, and the depth of the object. */
function outerMembers(text: string): { members: [string, string][]; depth: number } {
  const tokens = jsonTokens(text);
  const members: [string, string][] = [];
  let level = 0;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') depth = Math.max(depth, (level += 1));
    else if (token === '}' || token === ']') level -= 1;
    else if (token === ':' && level === 1) {
      members.push([JSON.parse(tokens[index - 1]!) as string, tokens[index + 1]!]);
    }
  }
  return { members, depth };
}

/** Returns a usable id as the server writes it. */
function usableId(value: unknown, token = ''): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'number' || !/^-?\d+$/.test(token)) return undefined;
  const integer = BigInt(token);
  return BigInt.asIntN(64, integer) === integer ? String(integer) : undefined;
}

function isTrace(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  const { traceparent, tracestate } = value as Record<string, unknown>;
  return [traceparent, tracestate].every(
    (text) => text === undefined || text === null || typeof text === 'string',
  );
}
