import type { RecordedRequest } from './exchange.js';

/** The members of a request's body or query that are texts; the rest is left out. */
export type RequestFields = Readonly<Record<string, string>>;

/** Undefined when the body is no JSON object. */
export function jsonFields(request: RecordedRequest): RequestFields | undefined {
  const body = parseJson(request.body);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function formFields(request: RecordedRequest): RequestFields {
  return Object.fromEntries(new URLSearchParams(request.body));
}

export function queryFields(request: RecordedRequest): RequestFields {
  const [, query = ''] = request.url.split(/\?(.*)/s);
  return Object.fromEntries(new URLSearchParams(query));
}

/** The first of the names that is missing or empty. */
export function missingField(fields: RequestFields, names: readonly string[]): string | undefined {
  return names.find((name) => !fields[name]);
}

export function bearerOf(request: RecordedRequest): string | undefined {
  return /^Bearer +(\S+)/i.exec(request.headers.authorization ?? '')?.[1];
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
