import { parseJson } from '../../util/json/json-check.js';

/** A message of the server. */
export type ServerMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: object }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  | {
      readonly kind: 'request';
      readonly id: string | number;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: 'notification'; readonly method: string; readonly params: unknown };

/** Parses a line. Returns undefined if it is not a message: our ids are numbers, and every result is an object. */
export function readMessage(line: string): ServerMessage | undefined {
  const message = parsed(line);
  if (!isObject(message)) return undefined;
  const { id, method, params, result, error } = message;
  if (typeof method === 'string') {
    if (id === undefined) return { kind: 'notification', method, params };
    return isRequestId(id) ? { kind: 'request', id, method, params } : undefined;
  }
  if (typeof id !== 'number') return undefined;
  if (isObject(result)) return { kind: 'result', id, result };
  if (!isObject(error)) return undefined;
  const { code, message: text, data } = error;
  if (typeof code !== 'number' || typeof text !== 'string') return undefined;
  return { kind: 'error', id, error: { code, message: text, data } };
}

function parsed(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRequestId(id: unknown): id is string | number {
  return typeof id === 'string' || typeof id === 'number';
}
