import type { Framing } from '../../src/framing/frame.js';

/**
 * Returns the id, as JSON, of the one answer that a message gets (D10): its own if a usable id can be read, else `null`.
 * Returns undefined if no answer may come: for notifications, answers of the client, and blank lines.
 *
 * It decides the same as `framing/message-parser`, but with other code.
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
  if (!has('method') && (has('result') || has('error'))) return undefined;
  const id = usableId(read('id'), members.find(([key]) => key === 'id')?.[1]);
  if (has('id') && id === undefined) return 'null';
  const isWrong = typeof read('method') !== 'string' || !isTrace(read('trace')) || depth > 127;
  return id ?? (isWrong ? 'null' : undefined);
}

/** Without a byte order mark at its start. */
function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Strings, brackets, commas and colons, and the scalars between them. */
function jsonTokens(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^{}[\],:"\s]+/g) ?? [];
}

function isWellFormed(stringToken: string): boolean {
  const text = JSON.parse(stringToken) as string;
  return Buffer.from(text).toString() === text;
}

/** The members of the object that `text` is, each with the first token of its value, and how deep it nests. */
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

/** As the answer has it. */
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
