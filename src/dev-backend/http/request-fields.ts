import type { RecordedRequest } from './exchange.js';

/** The fields of a request's body or query that are strings. */
export type RequestFields = Readonly<Record<string, string>>;

/** Returns the fields of a JSON body. Undefined if the body is not a JSON object. */
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

/** Returns the first name whose field is missing or empty. */
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
