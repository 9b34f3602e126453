import type { Signal } from '../util/abort.js';
import { AppError } from '../util/errors.js';
import { decompress } from './body.js';
import { textDecoder } from './charset.js';
import type { HttpConnections } from './connections.js';
import type { HttpResponse } from './dispatch.js';
import { maxEchoedBytes, maxReplyBytes } from './limits.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Whose connections it uses. */
  readonly pool: Parameters<HttpConnections['request']>[0];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: Signal;
}

export interface HttpReply {
  readonly status: number;
  /** The first content type as it was sent; empty where there is none or it is not ASCII. */
  readonly contentType: string;
  /** The body as text; when `isCut`, only its beginning. */
  readonly text: string;
  /** Whether the body is above the limit, which is lower for an error status. */
  readonly isCut: boolean;
  /** The backend's own id of this exchange. */
  readonly requestId: string | undefined;
  readonly retryAfter: string | undefined;
}

/** Room beyond the echoed part of an error body, so that a secret across its edge is still seen whole. */
const echoMarginBytes = 64 * 1024;

/**
 * One exchange, without retries; a redirect is a status like any other.
 *
 * @throws AppError `backendUnreachable`: no reply came, or its body broke off; `configInvalid`: it cannot be sent
 * @throws the signal's reason once it is aborted
 */
export async function exchange(connections: HttpConnections, request: HttpRequest): Promise<HttpReply> {
  const { status, headers, bytes, isCut } = await send(connections, request);
  const contentType = firstHeader(headers, 'content-type') ?? '';
  const coding = headers['content-encoding'];
  const plain = coding === undefined ? { bytes, isCut } : await decompress(bytes, coding, maxReplyBytes);
  return {
    status,
    contentType: /^[\t\x20-\x7e]*$/.test(contentType) ? contentType : '',
    text: textDecoder(contentType).decode(plain.bytes),
    isCut: isCut || plain.isCut,
    requestId: firstHeader(headers, 'x-request-id') ?? firstHeader(headers, 'x-oai-request-id'),
    retryAfter: firstHeader(headers, 'retry-after'),
  };
}

async function send(connections: HttpConnections, request: HttpRequest): Promise<HttpResponse> {
  const { pool, url, signal } = request;
  signal.throwIfAborted();
  try {
    return await connections.request(pool, { ...request, body: request.body ?? null, maxBytesOf });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, { cause });
  }
}

export function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status <= 299;
}

function maxBytesOf(status: number): number {
  return isSuccess({ status }) ? maxReplyBytes : maxEchoedBytes + echoMarginBytes;
}

function firstHeader(headers: HttpResponse['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
