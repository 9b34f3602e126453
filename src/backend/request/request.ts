import type { Clock } from '../../util/clock.js';
import type { AppError } from '../../util/errors.js';
import { type JsonError, parseJson } from '../../util/json/json-check.js';
import { type Reader, tryRead } from '../../util/json/reading.js';
import type { HttpConnections, HttpRequest } from '../http/connections.js';
import { decodeError, statusError, type Subject } from './failure.js';
import { type HttpReply, isSuccess } from '../http/reply.js';
import type { Target } from '../http/url.js';
import { isWebPage } from './reply-meaning.js';
import type { Authorization, BackendIdentity, StandingHeaders } from './identity.js';
import type { Pauses, Repeatability } from './retry.js';

export interface RequestContext {
  readonly connections: HttpConnections;
  readonly clock: Clock;
  /** Spreads repeated requests: at least 0, below 1. */
  readonly random: () => number;
  readonly userAgent: () => string;
  readonly standingHeaders: StandingHeaders;
  readonly pauses: Pauses;
}

/** The URL of a resource of the backend, with its time limit and the texts of its errors. */
export interface BackendTarget extends Target {
  /** The beginning of all error messages of a request. */
  readonly errorPrefix: string;
  /** Covers all attempts of a request and the pauses between them. Null: only its signal ends it. */
  readonly limitMs: number | null;
  /** The message of the `timedOut` error. */
  readonly timeoutMessage: string;
}

export interface BackendRequest<T> {
  readonly target: BackendTarget;
  readonly authorization: Authorization;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Makes it a POST of this JSON. */
  readonly json?: object;
  /** Null: any success will do, except a web page (D28). */
  readonly schema: Reader<T> | null;
  readonly repeatability: Repeatability;
  /** Called before each attempt. @throws AppError if the request must not be sent as this identity */
  readonly requireIdentity?: (identity: BackendIdentity) => void;
  /** Called with the error of each failed attempt, the last one included. */
  readonly onFailedAttempt?: (error: AppError) => void;
}

/** Returns the HTTP request of one attempt. @throws AppError `configInvalid` if the URL cannot be used */
export function httpRequestOf(
  context: RequestContext,
  request: BackendRequest<unknown>,
  identity: BackendIdentity,
  signal: AbortSignal,
): HttpRequest {
  return {
    method: methodOf(request),
    isRead: request.repeatability === 'read',
    url: request.target.url(),
    headers: headersOf(context, request, identity),
    body: request.json && JSON.stringify(request.json),
    signal,
  };
}

function methodOf({ json }: BackendRequest<unknown>): 'GET' | 'POST' {
  return json ? 'POST' : 'GET';
}

function headersOf(
  context: RequestContext,
  request: BackendRequest<unknown>,
  identity: BackendIdentity,
): Readonly<Record<string, string>> {
  const headers = context.standingHeaders(identity, context.userAgent());
  if (!request.json && !request.headers) return headers;
  return { ...headers, ...(request.json && { 'content-type': 'application/json' }), ...request.headers };
}

/**
 * Reads the body of a reply.
 *
 * @throws AppError for another status than a success, or a body that the schema cannot read
 */
export function readReply<T>(
  request: BackendRequest<T>,
  identity: BackendIdentity,
  reply: HttpReply,
  clock: Clock,
): T {
  const { target, schema } = request;
  const subject = { method: methodOf(request), url: target.text, secrets: identity.secrets };
  if (!isSuccess(reply)) throw statusError(subject, reply, clock.nowMs());
  if (schema) return decodeReply(subject, reply, schema);
  if (isWebPage(reply)) throw decodeError(subject, reply, 'a web page');
  return undefined as T;
}

function decodeReply<T>(subject: Subject, reply: HttpReply, schema: Reader<T>): T {
  if (reply.isCut) throw decodeError(subject, reply, 'reply above 8 MiB');
  let value: unknown;
  try {
    value = parseJson(reply.text);
  } catch (error) {
    throw decodeError(subject, reply, reply.text.trim() === '' ? 'empty body' : (error as JsonError).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw decodeError(subject, reply, 'not a JSON object');
  }
  const read = tryRead(schema, value);
  if (read.isRead) return read.data;
  throw decodeError(
    subject,
    reply,
    read.path === '' ? 'an error in place of the answer' : `missing or unknown \`${read.path}\``,
  );
}
