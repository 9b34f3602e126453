import { memberSpans, memberText, nestingDepth } from './raw-spans.js';

/** A message by its kind. `idText` and `paramsText` are JSON as written, but escapes in a string id are normalised. */
export type ParsedMessage =
  | {
      readonly kind: 'request';
      readonly idText: string;
      readonly method: string;
      readonly paramsText: string | undefined;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly paramsText: string | undefined }
  /** A response of the client. `idText` is undefined without a usable id, `result` if it is an error. */
  | { readonly kind: 'response'; readonly idText: string | undefined; readonly result: unknown }
  | InvalidMessage;

/** A message that is answered with an error. `idText` is `null` if no usable id can be read. */
export interface InvalidMessage {
  readonly kind: 'invalid';
  readonly reason: 'parseError' | 'invalidRequest';
  readonly idText: string;
  readonly message: string;
}

/** The limit for the whole message. Values in `params` can nest two levels less. */
const maxNesting = 127;

/** Parses one message. Null params count as absent. `jsonrpc` and unknown members are ignored. */
export function parseMessage(text: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid('parseError', 'Parse error: not JSON');
  }
  if (hasLoneSurrogate(text)) return invalid('parseError', 'Parse error: lone surrogate in a string');
  if (Array.isArray(value)) return invalid('invalidRequest', 'Invalid request: batches are not supported');
  if (typeof value !== 'object' || value === null) {
    return invalid('invalidRequest', 'Invalid request: not an object');
  }
  return parseEnvelope(text);
}

const requestMembers = new Set(['id', 'method', 'params', 'trace']);

/**
 * Reads the members from their own texts. The object that JSON.parse gives may have a wrong name for a member whose
 * name holds an escape: https://github.com/nodejs/node/issues/63785 (V8 13.6, node 24).
 */
function parseEnvelope(text: string): ParsedMessage {
  const texts = new Map<string, string>();
  for (const { key, start, end } of memberSpans(text)) {
    if (requestMembers.has(key) && texts.has(key))
      return invalid('invalidRequest', `Invalid request: duplicate field \`${key}\``);
    texts.set(key, text.slice(start, end));
  }
  const idText = usableId(texts.get('id'));
  const methodText = texts.get('method');
  const resultText = texts.get('result');
  if (methodText === undefined && (resultText !== undefined || texts.has('error'))) {
    const result: unknown =
      resultText === undefined || texts.has('error') ? undefined : JSON.parse(resultText);
    return { kind: 'response', idText, result };
  }
  if (texts.has('id') && idText === undefined) {
    return invalid('invalidRequest', 'Invalid request: the id is neither a string nor a 64-bit integer');
  }
  const refuse = (message: string): InvalidMessage => invalid('invalidRequest', message, idText);
  if (methodText === undefined) return refuse('Invalid request: missing field `method`');
  if (!methodText.startsWith('"')) return refuse('Invalid request: `method` is not a string');
  if (!isTrace(texts.get('trace'))) return refuse('Invalid request: `trace` is not a trace context');
  if (isNestedTooDeep(text)) return refuse('Invalid request: nested deeper than 127 levels');

  const method = JSON.parse(methodText) as string;
  const paramsText = texts.get('params') === 'null' ? undefined : texts.get('params');
  return idText === undefined
    ? { kind: 'notification', method, paramsText }
    : { kind: 'request', idText, method, paramsText };
}

/** Checks the nesting. Each level takes two characters, so a short text needs no scan. */
function isNestedTooDeep(text: string): boolean {
  return text.length > 2 * maxNesting && nestingDepth(text) > maxNesting;
}

function invalid(reason: InvalidMessage['reason'], message: string, idText = 'null'): InvalidMessage {
  return { kind: 'invalid', reason, idText, message };
}

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

/** Returns the id as JSON if it is a string or a 64-bit integer. Keeps digits that a double would lose. */
function usableId(text = ''): string | undefined {
  if (text.startsWith('"')) return JSON.stringify(JSON.parse(text));
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  // A double represents up to 15 digits exactly.
  if (text.length <= 15) return `${Number(text)}`;
  const integer = BigInt(text);
  return integer >= int64Min && integer <= int64Max ? integer.toString() : undefined;
}

/** Returns the usable id in a member of an object, as JSON. */
export function idTextOf(objectText: string, member: string): string | undefined {
  return objectText.startsWith('{') ? usableId(memberText(objectText, member)) : undefined;
}

/** Checks a W3C trace context, which is accepted and not used. */
function isTrace(text = 'null'): boolean {
  if (text === 'null') return true;
  if (!text.startsWith('{')) return false;
  const members = ['traceparent', 'tracestate'].map((name) => memberText(text, name) ?? 'null');
  return members.every((member) => member === 'null' || member.startsWith('"'));
}

/**
 * Reports whether an escape like `\ud800` lacks its other half. Such a string has no UTF-8 form, so an idempotency key
 * with it could not be sent unchanged.
 */
function hasLoneSurrogate(text: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return false;
  const escapes = text.matchAll(
    /\\(?:[^u]|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|u)/g,
  );
  for (const { groups } of escapes) if (groups?.lone !== undefined) return true;
  return false;
}
