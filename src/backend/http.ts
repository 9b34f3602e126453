import { Agent, type Dispatcher } from 'undici';
import { AppError } from '../util/errors.js';
import { decodeBody } from './body.js';
import { maxEchoedBytes, maxReplyBytes } from './limits.js';

/** What sends the requests: connections, kept alive. */
export type HttpDispatcher = Pick<Dispatcher, 'request'>;

/** Connections to each origin; further requests wait for one of them. */
const maxConnections = 64;

export function createHttpDispatcher(): HttpDispatcher {
  return new Agent({ connections: maxConnections });
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  /** The first content type as it was sent; empty where there is none or it is not ASCII. */
  readonly contentType: string;
  /** The body as text; of an error status, or when `isCut`, only its beginning. */
  readonly text: string;
  /** Whether the body of a success is above the limit. */
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
 * @throws AppError `backendUnreachable`: no reply came, or its body broke off
 * @throws the signal's reason once it is aborted
 */
export async function exchange(dispatcher: HttpDispatcher, request: HttpRequest): Promise<HttpReply> {
  const response = await send(dispatcher, request);
  const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
  const contentType = firstHeader(response.headers, 'content-type') ?? '';
  try {
    const { bytes, isCut } = await readBytes(
      response.body,
      isSuccess ? maxReplyBytes : maxEchoedBytes + echoMarginBytes,
    );
    const body = await decodeBody(bytes, {
      contentType,
      contentEncoding: isCut ? undefined : firstHeader(response.headers, 'content-encoding'),
      maxBytes: maxReplyBytes,
    });
    return {
      status: response.statusCode,
      contentType: /^[\t\x20-\x7e]*$/.test(contentType) ? contentType : '',
      text: body.text,
      isCut: isSuccess && (isCut || body.isCut),
      requestId:
        firstHeader(response.headers, 'x-request-id') ?? firstHeader(response.headers, 'x-oai-request-id'),
      retryAfter: firstHeader(response.headers, 'retry-after'),
    };
  } catch (cause) {
    request.signal.throwIfAborted();
    throw new AppError('backendUnreachable', 'error decoding response body', { cause });
  }
}

async function send(dispatcher: HttpDispatcher, request: HttpRequest): Promise<Dispatcher.ResponseData> {
  const { method, url, headers, body, signal } = request;
  try {
    return await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      body: body ?? null,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, {
      cause,
    });
  }
}

/** Whether this error came before a connection was made, so that the backend cannot have seen the request. */
export function wasNeverConnected(error: AppError): boolean {
  return error.kind === 'backendUnreachable' && isConnectFailure(error.cause);
}

function isConnectFailure(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code, syscall } = cause as { code?: unknown; syscall?: unknown };
  return (
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    (cause instanceof AggregateError && cause.errors.every(isConnectFailure))
  );
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
