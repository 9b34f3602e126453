import type { Dispatcher } from 'undici';
import { AppError } from '../util/errors.js';
import { decodeBody } from './body.js';
import type { HttpConnections } from './connections.js';
import { untilAborted } from '../util/waiting.js';
import { maxEchoedBytes, maxReplyBytes } from './limits.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Whose connections it uses. */
  readonly pool: Parameters<HttpConnections['request']>[0];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
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
  const response = await send(connections, request);
  const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
  const contentType = firstHeader(response.headers, 'content-type') ?? '';
  try {
    const { bytes, isCut } = await readBytes(
      response.body,
      isSuccess ? maxReplyBytes : maxEchoedBytes + echoMarginBytes,
    );
    const body = await decodeBody(bytes, {
      contentType,
      contentEncoding: [response.headers['content-encoding'] ?? []].flat().join(','),
      maxBytes: maxReplyBytes,
    });
    return {
      status: response.statusCode,
      contentType: /^[\t\x20-\x7e]*$/.test(contentType) ? contentType : '',
      text: body.text,
      isCut: isCut || body.isCut,
      requestId:
        firstHeader(response.headers, 'x-request-id') ?? firstHeader(response.headers, 'x-oai-request-id'),
      retryAfter: firstHeader(response.headers, 'retry-after'),
    };
  } catch (cause) {
    request.signal.throwIfAborted();
    throw new AppError('backendUnreachable', 'error decoding response body', { cause });
  }
}

async function send(connections: HttpConnections, request: HttpRequest): Promise<Dispatcher.ResponseData> {
  const { method, pool, url, headers, body, signal } = request;
  signal.throwIfAborted();
  try {
    const response = connections.request(pool, { method, url, headers, body: body ?? null, signal });
    // undici looks at the signal only once a request has a connection.
    return await untilAborted(response, signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, {
      cause,
    });
  }
}

/** At most `maxBytes`; the rest is not waited for. */
async function readBytes(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), isCut: true };
  }
  return { bytes: Buffer.concat(chunks, length), isCut: false };
}

function firstHeader(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
