import { createDeferred } from '../../util/deferred.js';
import { AppError } from '../../util/errors.js';
import type { Dispatcher } from './undici.js';
import { maxBytesOf, type ReplyHeaders } from './reply.js';

export interface HttpResponse {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** The body, or its beginning. */
  readonly bytes: Buffer;
  /** Whether the body is longer than `maxBytesOf` allows for the status. */
  readonly isCut: boolean;
}

/**
 * Creates the handler that undici calls while one request is sent and answered. `response` resolves with the whole
 * response, or as soon as its body has reached the limit of its status.
 *
 * undici's own `request` hands over the body as a stream, which costs more than the rest of the request.
 *
 * `response` rejects with
 * - the signal's reason once it is aborted; a request that was not sent before is not sent any more
 * - AppError `backendUnreachable` if the body breaks off
 * - undici's error if no response came
 */
export function receiveResponse(signal: AbortSignal): {
  handler: Dispatcher.DispatchHandler;
  response: Promise<HttpResponse>;
} {
  const { promise: response, resolve, reject } = createDeferred<HttpResponse>();
  let controller: Dispatcher.DispatchController | undefined;
  let head: Pick<HttpResponse, 'status' | 'headers'> | undefined;
  let maxBytes = 0;
  const chunks: Buffer[] = [];
  let length = 0;

  const abort = (): void => {
    reject(signal.reason as Error);
    controller?.abort(signal.reason as Error);
  };
  const finish = (isCut: boolean): void => {
    signal.removeEventListener('abort', abort);
    if (!head) return;
    const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
    const bytes = isCut ? whole.subarray(0, maxBytes) : whole;
    resolve({ status: head.status, headers: head.headers, bytes, isCut });
  };
  signal.addEventListener('abort', abort, { once: true });
  // If undici refuses the request at once, nothing waits for a response.
  response.catch(() => undefined);

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      // The signal may have been aborted while the request waited for a connection.
      if (signal.aborted) started.abort(signal.reason as Error);
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      head = { status, headers };
      maxBytes = maxBytesOf(status);
    },
    onResponseData(receiving, chunk) {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      finish(true);
      receiving.abort(new Error('the body is longer than its limit'));
    },
    onResponseEnd: () => finish(false),
    onResponseError(_controller, cause) {
      signal.removeEventListener('abort', abort);
      if (!head) reject(cause);
      else reject(new AppError('backendUnreachable', 'error decoding response body', { cause }));
    },
  };
  return { handler, response };
}
