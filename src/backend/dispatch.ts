import { AppError } from '../util/errors.js';
import type { Dispatcher } from './undici.js';

export interface HttpResponse {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, or its beginning. */
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/**
 * Sends one request; resolves with its whole answer, or with as much of its body as is wanted: the rest is not waited for.
 * undici's own `request` hands the body over as a stream, which costs more than the rest of it.
 *
 * @param maxBytesOf how much of the body is wanted, by the status
 * @throws AppError `backendUnreachable` where the body breaks off; before that, undici's error
 * @throws the signal's reason once it is aborted: nothing is sent then that was not sent before
 */
export function dispatch(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { signal, maxBytesOf }: { signal: AbortSignal; maxBytesOf: (status: number) => number },
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
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

    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart(started) {
        controller = started;
        // It waited for a connection until now.
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
        receiving.abort(new Error('the rest is not wanted'));
      },
      onResponseEnd: () => finish(false),
      onResponseError(_controller, cause) {
        signal.removeEventListener('abort', abort);
        if (!head) reject(cause);
        else reject(new AppError('backendUnreachable', 'error decoding response body', { cause }));
      },
    });
  });
}
