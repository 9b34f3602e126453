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

/** One request while it is sent and answered. */
export interface Receiver {
  /** undici calls it. */
  readonly handler: Dispatcher.DispatchHandler;
  /** Whether the request is on a connection, and not waiting for one. */
  isStarted(): boolean;
  /** Resolves when the response begins; rejects as `response`, if no response comes. */
  readonly begun: Promise<void>;
  /**
   * Resolves with the whole response, or as soon as its body has reached the limit of its status. Rejects with
   * - the signal's reason once it is aborted, as after `cancel`
   * - AppError `backendUnreachable` if the body breaks off
   * - undici's error if no response came
   */
  readonly response: Promise<HttpResponse>;
  /** Closes the connection; a request that was not sent before is not sent any more. The promises reject. */
  cancel(reason: Error): void;
}

/**
 * Creates the receiver of one request.
 *
 * undici's own `request` hands over the body as a stream, which costs more than the rest of the request.
 */
export function receiveResponse(signal: AbortSignal): Receiver {
  const { promise: response, resolve, reject } = createDeferred<HttpResponse>();
  const begun = createDeferred();
  let controller: Dispatcher.DispatchController | undefined;
  let cancelledFor: Error | undefined;
  let head: Pick<HttpResponse, 'status' | 'headers'> | undefined;
  let maxBytes = 0;
  const chunks: Buffer[] = [];
  let length = 0;

  const cancel = (reason: Error): void => {
    signal.removeEventListener('abort', abort);
    cancelledFor = reason;
    fail(reason);
    controller?.abort(reason);
  };
  const abort = (): void => {
    cancel(signal.reason as Error);
  };
  const fail = (reason: Error): void => {
    begun.reject(reason);
    reject(reason);
  };
  const finish = (isCut: boolean): void => {
    signal.removeEventListener('abort', abort);
    if (!head) return;
    const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
    const bytes = isCut ? whole.subarray(0, maxBytes) : whole;
    resolve({ status: head.status, headers: head.headers, bytes, isCut });
  };
  signal.addEventListener('abort', abort, { once: true });
  // Not every caller waits for both, and nothing waits if undici refuses the request at once.
  response.catch(() => undefined);
  begun.promise.catch(() => undefined);

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      // It may have been cancelled while it waited for a connection.
      if (cancelledFor) started.abort(cancelledFor);
    },
    onResponseStart(_controller, status, headers) {
      begun.resolve();
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
      fail(head ? new AppError('backendUnreachable', 'error decoding response body', { cause }) : cause);
    },
  };
  return { handler, isStarted: () => controller !== undefined, begun: begun.promise, response, cancel };
}
