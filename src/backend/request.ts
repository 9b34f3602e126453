import type { Clock } from '../util/clock.js';
import { amendedError, AppError } from '../util/errors.js';
import { type Reader, tryRead } from '../util/reading.js';
import type { HttpConnections } from './connections.js';
import type { Endpoint, Target } from './endpoints.js';
import { decodeError, statusError, type Subject } from './failure.js';
import type { Repeatability } from './retry.js';
import { exchange, type HttpReply, isSuccess } from './http.js';
import type { BackendIdentity, StandingHeaders } from './identity.js';

export interface RequestContext {
  readonly connections: HttpConnections;
  readonly clock: Clock;
  readonly userAgent: () => string;
  readonly target: (base: string, endpoint: Endpoint) => Target;
  readonly standingHeaders: StandingHeaders;
}

export interface BackendRequest<T> {
  readonly endpoint: Endpoint;
  /** What every error message of this request starts with. */
  readonly errorPrefix: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Makes it a POST of this JSON. */
  readonly json?: object;
  /** Null: the body of a success is not looked at. */
  readonly schema: Reader<T> | null;
  /** Whether and how it may be sent again; reads share their connections. */
  readonly repeatability: Repeatability;
  /** Once it is aborted the request is no longer sent; one that is sent goes on. */
  readonly sendUnlessAborted?: AbortSignal;
}

/**
 * Sends one request to `target` and reads its reply.
 *
 * @returns the body as the schema reads it, and as text
 * @throws AppError with the texts of backend.md 2, `errorPrefix` before them
 * @throws the signal's reason once it is aborted
 */
export async function requestJson<T>(
  context: RequestContext,
  request: BackendRequest<T>,
  target: Target,
  identity: BackendIdentity,
  signal: AbortSignal,
): Promise<{ value: T; text: string }> {
  const subject: Subject = {
    method: request.json ? 'POST' : 'GET',
    url: target.text,
    secrets: identity.secrets,
  };
  request.sendUnlessAborted?.throwIfAborted();
  try {
    const reply = await exchange(context.connections, {
      method: subject.method,
      pool: request.repeatability === 'read' ? 'reads' : 'writes',
      url: target.url(),
      headers: requestHeaders(context, request, identity),
      signal,
      body: request.json && JSON.stringify(request.json),
    });
    if (!isSuccess(reply)) throw statusError(subject, reply, context.clock.nowMs());
    const value = request.schema ? decodeReply(subject, reply, request.schema) : (undefined as T);
    return { value, text: reply.text };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    throw amendedError(error, { message: `${request.errorPrefix}: ${error.message}` });
  }
}

function requestHeaders(
  context: RequestContext,
  request: BackendRequest<unknown>,
  identity: BackendIdentity,
): Readonly<Record<string, string>> {
  const headers = context.standingHeaders(identity, context.userAgent());
  if (!request.json && !request.headers) return headers;
  return { ...headers, ...(request.json && { 'content-type': 'application/json' }), ...request.headers };
}

function decodeReply<T>(subject: Subject, reply: HttpReply, schema: Reader<T>): T {
  if (reply.isCut) throw decodeError(subject, reply, 'reply above 8 MiB');
  let value: unknown;
  try {
    value = JSON.parse(reply.text);
  } catch {
    throw decodeError(subject, reply, reply.text.trim() === '' ? 'empty body' : 'not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw decodeError(subject, reply, 'not a JSON object');
  }
  const read = tryRead(schema, value);
  if (read.isRead) return read.data;
  throw decodeError(subject, reply, `missing or unknown \`${read.path}\``);
}
