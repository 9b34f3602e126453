import { STATUS_CODES } from 'node:http';
import { AppError, type AppErrorDetails, type ErrorKind } from '../util/errors.js';
import { redact, withoutHalfSecret } from '../util/redact.js';
import type { HttpReply } from './http.js';
import { maxEchoedBytes } from './limits.js';
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
      ...optional('retryAfterMs', retryAfterMs(reply.retryAfter, nowMs)),
    },
  });
}

/** The error of a success whose body cannot be read; `reason` is in our own words. */
export function decodeError(subject: Subject, reply: HttpReply, reason: string): AppError {
  const message = `Decode error for ${subject.url}: ${reason}; ${shownBody(subject, reply)}`;
  return new AppError('badReply', message, { details: replyDetails(subject, reply) });
}

function replyDetails({ secrets }: Subject, reply: HttpReply): AppErrorDetails {
  const requestId = reply.requestId === undefined ? undefined : redact(reply.requestId, secrets);
  return { httpStatus: reply.status, ...optional('requestId', requestId) };
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'unauthorized';
  return status === 429 ? 'rateLimited' : 'backendStatus';
}

/** The standard phrase, never the server's own; where Node's list differs from the reference's, the latter's. */
function reasonPhrase(status: number): string {
  if (status === 418) return "I'm a teapot";
  return (status === 509 ? undefined : STATUS_CODES[status]) ?? '<unknown status code>';
}

/** The secrets go before the cut; where the body broke off already, so does what may be half of one at its end. */
function shownBody(subject: Subject, reply: HttpReply): string {
  const text = redact(reply.text, subject.secrets);
  const shown = reply.isCut ? withoutHalfSecret(text, subject.secrets) : text;
  const masked = Buffer.from(shown, 'utf8');
  const body = masked.length > maxEchoedBytes ? cutUtf8(masked, maxEchoedBytes) : masked;
  return `content-type=${redact(reply.contentType, subject.secrets)}; body=${body.toString('utf8')}`;
}

/** Never ends inside a character. */
function cutUtf8(bytes: Buffer, maxBytes: number): Buffer {
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
