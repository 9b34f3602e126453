import { STATUS_CODES } from 'node:http';
import { AppError, type AppErrorDetails, type ErrorKind } from '../../util/errors.js';
import { redact } from '../../util/redaction/redact.js';
import { firstHeader, type HttpReply, maxEchoedBytes, maxMaskedLength } from '../http/reply.js';
import { meaningOf } from './reply-meaning.js';
import { retryAfterMs } from './retry.js';

/** The parts of a request that its error messages show or mask. */
export interface Subject {
  readonly method: 'GET' | 'POST';
  /** As in `Target.text`. */
  readonly url: string;
  /** Texts that are masked wherever they appear. */
  readonly secrets: readonly string[];
}

/** Returns the error of a reply with another status than a success. */
export function statusError(subject: Subject, reply: HttpReply, nowMs: number): AppError {
  const message = `${subject.method} ${subject.url} failed: ${reply.status} ${reasonPhrase(reply.status)}; ${shownBody(subject, reply)}`;
  return new AppError(kindOfStatus(reply.status), message, {
    details: {
      ...replyDetails(subject, reply),
      ...optional('retryAfterMs', retryAfterMs(firstHeader(reply.headers, 'retry-after'), nowMs)),
    },
  });
}

/** Returns the error of a success whose body cannot be read; `reason` is in our own words (D21). */
export function decodeError(subject: Subject, reply: HttpReply, reason: string): AppError {
  const message = `Decode error for ${subject.url}: ${reason}; ${shownBody(subject, reply)}`;
  return new AppError('badReply', message, { details: replyDetails(subject, reply) });
}

/** Returns whether an error is about a reply with one of these statuses, and the reply means nothing else (D28). */
export function hasPlainStatus(error: unknown, ...statuses: readonly number[]): boolean {
  if (!(error instanceof AppError)) return false;
  const { httpStatus, reason } = error.details;
  return httpStatus !== undefined && statuses.includes(httpStatus) && reason === undefined;
}

function replyDetails({ secrets }: Subject, reply: HttpReply): AppErrorDetails {
  const { status, headers } = reply;
  const id = firstHeader(headers, 'x-request-id') ?? firstHeader(headers, 'x-oai-request-id');
  const { reason, rayId } = meaningOf(reply);
  const masked = (text: string | undefined): string | undefined => text && redact(text, secrets);
  return {
    httpStatus: status,
    ...optional('reason', reason),
    ...optional('rayId', masked(rayId)),
    ...optional('requestId', masked(id)),
  };
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'unauthorized';
  return status === 429 ? 'rateLimited' : 'backendStatus';
}

/** Returns the standard phrase, not the server's own. If Node's differs from the reference's, the reference's counts. */
export function reasonPhrase(status: number): string {
  if (status === 418) return "I'm a teapot";
  return (status === 509 ? undefined : STATUS_CODES[status]) ?? '<unknown status code>';
}

function shownBody({ secrets }: Subject, reply: HttpReply): string {
  return `content-type=${redact(contentType(reply), secrets)}; body=${echoedText(reply, secrets)}`;
}

/** Returns the content type as it was sent; empty if there is none, or if it is not ASCII. */
function contentType({ headers }: HttpReply): string {
  const sent = firstHeader(headers, 'content-type') ?? '';
  return /^[\t\x20-\x7e]*$/.test(sent) ? sent : '';
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}

/**
 * Returns the part of a body that an error message shows, without the secrets (D6). They are masked before the text is
 * cut; if the body was cut before, the beginning of a secret at its end is removed as well.
 */
export function echoedText(body: { text: string; isCut: boolean }, secrets: readonly string[]): string {
  const text = body.text.slice(0, maxMaskedLength);
  const masked = redact(text, secrets, { isCut: body.isCut || text.length < body.text.length });
  const bytes = Buffer.from(masked, 'utf8');
  return (bytes.length > maxEchoedBytes ? cutUtf8(bytes, maxEchoedBytes) : bytes).toString('utf8');
}

/** Cuts at most at `maxBytes`, never inside a character. */
function cutUtf8(bytes: Buffer, maxBytes: number): Buffer {
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
