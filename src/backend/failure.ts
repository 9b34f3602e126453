import { STATUS_CODES } from 'node:http';
import { AppError, type AppErrorDetails, type ErrorKind } from '../util/errors.js';
import { redact } from '../util/redact.js';
import { echoedText } from './echoed-text.js';
import { firstHeader, type HttpReply } from './http.js';
import { retryAfterMs } from './retry-after.js';

/** A request as its error messages name it. */
export interface Subject {
  readonly method: 'GET' | 'POST';
  /** The URL as text, not re-encoded. */
  readonly url: string;
  readonly secrets: readonly string[];
}

/** The error of a reply whose status is no success; backend.md 2. */
export function statusError(subject: Subject, reply: HttpReply, nowMs: number): AppError {
  const message = `${subject.method} ${subject.url} failed: ${reply.status} ${reasonPhrase(reply.status)}; ${shownBody(subject, reply)}`;
  return new AppError(kindOfStatus(reply.status), message, {
    details: {
      ...replyDetails(subject, reply),
      ...optional('retryAfterMs', retryAfterMs(firstHeader(reply.headers, 'retry-after'), nowMs)),
    },
  });
}

/** The error of a success whose body cannot be read; `reason` is in our own words. */
export function decodeError(subject: Subject, reply: HttpReply, reason: string): AppError {
  const message = `Decode error for ${subject.url}: ${reason}; ${shownBody(subject, reply)}`;
  return new AppError('badReply', message, { details: replyDetails(subject, reply) });
}

function replyDetails({ secrets }: Subject, { status, headers }: HttpReply): AppErrorDetails {
  // The backend's own id of this exchange.
  const id = firstHeader(headers, 'x-request-id') ?? firstHeader(headers, 'x-oai-request-id');
  return { httpStatus: status, ...optional('requestId', id === undefined ? undefined : redact(id, secrets)) };
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'unauthorized';
  return status === 429 ? 'rateLimited' : 'backendStatus';
}

/** The standard phrase, never the server's own; where Node's list differs from the reference's, the latter's. */
export function reasonPhrase(status: number): string {
  if (status === 418) return "I'm a teapot";
  return (status === 509 ? undefined : STATUS_CODES[status]) ?? '<unknown status code>';
}

function shownBody({ secrets }: Subject, reply: HttpReply): string {
  return `content-type=${redact(contentType(reply), secrets)}; body=${echoedText(reply, secrets)}`;
}

/** As it was sent; empty where there is none, or it is not ASCII. */
function contentType({ headers }: HttpReply): string {
  const sent = firstHeader(headers, 'content-type') ?? '';
  return /^[\t\x20-\x7e]*$/.test(sent) ? sent : '';
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
