import { type JsonProblem, jsonProblem, maxNesting } from '../util/json/json-check.js';
import { memberSpans, memberText, skipBlanks } from './raw-spans.js';

/** A message by its kind. `idText` and `paramsText` are JSON as written, but escapes in a string id are normalised. */
export type ParsedMessage =
  | {
      readonly kind: 'request';
      readonly idText: string;
      readonly method: string;
      readonly paramsText: string | undefined;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly paramsText: string | undefined }
  /** A response of the client. `idText` is undefined without a usable id, `result` if it is an error or too deep. */
  | { readonly kind: 'response'; readonly idText: string | undefined; readonly result: unknown }
  | InvalidMessage;

/** A message that is answered with an error. `idText` is `null` if no usable id can be read. */
export interface InvalidMessage {
  readonly kind: 'invalid';
  readonly reason: 'parseError' | 'invalidRequest';
  readonly idText: string;
  readonly message: string;
}

/** Parses one message. Null params count as absent. `jsonrpc` and unknown members are ignored. */
export function parseMessage(text: string): ParsedMessage {
  const problem = jsonProblem(text);
  if (problem === 'notJson') return invalid('parseError', 'Parse error: not JSON');
  if (hasLoneSurrogate(text)) return invalid('parseError', 'Parse error: lone surrogate in a string');
  const first = text.charAt(skipBlanks(text, 0));
  if (first === '[') return invalid('invalidRequest', 'Invalid request: batches are not supported');
  if (first !== '{') return invalid('invalidRequest', 'Invalid request: not an object');
  return parseEnvelope(text, problem);
}

const requestMembers = new Set(['id', 'method', 'params', 'trace']);
const members = new Set([...requestMembers, 'result', 'error']);

/**
 * Reads the members from their own texts. The object that JSON.parse gives may have a wrong name for a member whose
 * name holds an escape: https://github.com/nodejs/node/issues/63785 (V8 13.6, node 24).
 */
function parseEnvelope(text: string, problem: JsonProblem | undefined): ParsedMessage {
  const texts = new Map<string, string>();
  for (const { key, start, end } of memberSpans(text)) {
    if (!members.has(key)) continue;
    if (requestMembers.has(key) && texts.has(key))
      return invalid('invalidRequest', `Invalid request: duplicate field \`${key}\``);
    texts.set(key, text.slice(start, end));
  }
  const idText = usableId(texts.get('id'));
  const resultText = texts.get('result');
  const methodText = texts.get('method');
  // Some libraries write the members that a response does not use as null.
  if (isNullOrMissing(methodText) && (resultText !== undefined || texts.has('error'))) {
    const isUsable = resultText !== undefined && isNullOrMissing(texts.get('error')) && problem === undefined;
    const result: unknown = isUsable ? JSON.parse(resultText) : undefined;
    return { kind: 'response', idText, result };
  }
  if (texts.has('id') && idText === undefined) {
    return invalid('invalidRequest', 'Invalid request: the id is neither a string nor a 64-bit integer');
  }
  const refuse = (message: string): InvalidMessage => invalid('invalidRequest', message, idText);
  if (methodText === undefined) return refuse('Invalid request: missing field `method`');
  if (!methodText.startsWith('"')) return refuse('Invalid request: `method` is not a string');
  if (!isTrace(texts.get('trace'))) return refuse('Invalid request: `trace` is not a trace context');
  // A value in `params` can nest two levels less.
  if (problem !== undefined) return refuse(`Invalid request: nested deeper than ${maxNesting} levels`);

  const method = JSON.parse(methodText) as string;
  const paramsText = texts.get('params') === 'null' ? undefined : texts.get('params');
  return idText === undefined
    ? { kind: 'notification', method, paramsText }
    : { kind: 'request', idText, method, paramsText };
}

function isNullOrMissing(text = 'null'): boolean {
  return text === 'null';
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
