import { memberSpans, memberText, nestingDepth } from './raw-spans.js';

/** A JSON value with its source text. */
export interface ParsedJson {
  readonly value: unknown;
  readonly text: string;
}

/** A message by its kind. `idText` is the id as JSON, integers digit by digit. */
export type ParsedMessage =
  | {
      readonly kind: 'request';
      readonly idText: string;
      readonly method: string;
      readonly params: ParsedJson | undefined;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: ParsedJson | undefined }
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
  return parseEnvelope(text, value);
}

interface Envelope {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly trace?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

const requestMembers = new Set(['id', 'method', 'params', 'trace']);

function parseEnvelope(text: string, envelope: Envelope): ParsedMessage {
  const texts = new Map<string, string>();
  for (const { key, start, end } of memberSpans(text)) {
    if (requestMembers.has(key) && texts.has(key))
      return invalid('invalidRequest', `Invalid request: duplicate field \`${key}\``);
    texts.set(key, text.slice(start, end));
  }
  const idText = usableId(envelope.id, texts.get('id'));
  if (!texts.has('method') && (texts.has('result') || texts.has('error'))) {
    return { kind: 'response', idText, result: texts.has('error') ? undefined : envelope.result };
  }
  if (texts.has('id') && idText === undefined) {
    return invalid('invalidRequest', 'Invalid request: the id is neither a string nor a 64-bit integer');
  }
  const refuse = (message: string): InvalidMessage => invalid('invalidRequest', message, idText);
  if (!texts.has('method')) return refuse('Invalid request: missing field `method`');
  if (typeof envelope.method !== 'string') return refuse('Invalid request: `method` is not a string');
  if (!isTrace(envelope.trace)) return refuse('Invalid request: `trace` is not a trace context');
  if (isNestedTooDeep(text)) return refuse('Invalid request: nested deeper than 127 levels');

  const params = envelope.params ?? undefined;
  const message = {
    method: envelope.method,
    params: params === undefined ? undefined : { value: params, text: texts.get('params') ?? '' },
  };
  return idText === undefined
    ? { kind: 'notification', ...message }
    : { kind: 'request', idText, ...message };
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
function usableId(id: unknown, text = ''): string | undefined {
  if (typeof id === 'string') return JSON.stringify(id);
  if (typeof id !== 'number' || !/^-?\d{1,19}$/.test(text)) return undefined;
  // A double represents up to 15 digits exactly.
  if (text.length <= 15) return `${id}`;
  const integer = BigInt(text);
  return integer >= int64Min && integer <= int64Max ? integer.toString() : undefined;
}

/** Returns the id in a member of an object as JSON, if it is usable. */
export function idTextOf({ value, text }: ParsedJson, member: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return usableId((value as Record<string, unknown>)[member], memberText(text, member));
}

/** Checks for a W3C trace context, which is accepted and not used. */
function isTrace(trace: unknown): boolean {
  if (trace === undefined || trace === null) return true;
  if (typeof trace !== 'object' || Array.isArray(trace)) return false;
  const { traceparent = null, tracestate = null } = trace as Record<string, unknown>;
  return [traceparent, tracestate].every((text) => text === null || typeof text === 'string');
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
