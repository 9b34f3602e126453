import { AppError } from '../util/errors.js';
import { decompress } from './body.js';
import { textDecoder } from './charset.js';
import type { HttpConnections, HttpRequest } from './connections.js';
import type { HttpResponse } from './dispatch.js';
import { maxEchoedBytes, maxReplyBytes } from './limits.js';

export interface HttpReply {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** The body as text; when `isCut`, only its beginning. */
  readonly text: string;
  /** Whether the body is above the limit, which is lower for an error status. */
  readonly isCut: boolean;
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
  const { url, signal } = request;
  signal.throwIfAborted();
  let response: HttpResponse;
  try {
    response = await connections.request(request, maxBytesOf);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('backendUnreachable', `error sending request for url (${url.href})`, { cause });
  }
  const { status, headers } = response;
  const coding = headers['content-encoding'];
  const body = coding === undefined ? response : await decompress(response, coding, maxReplyBytes);
  const text = textDecoder(firstHeader(headers, 'content-type') ?? '').decode(body.bytes);
  return { status, headers, text, isCut: body.isCut };
}

export function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status <= 299;
}

function maxBytesOf(status: number): number {
  return isSuccess({ status }) ? maxReplyBytes : maxEchoedBytes + echoMarginBytes;
}

export function firstHeader(headers: HttpResponse['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
