import type { Dispatcher } from './undici.js';
import type { Signal } from '../util/abort.js';

export interface HttpResponse {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /**
   * The body, or its first `maxBytes`; the rest is not waited for. To be called once, at once.
   * @throws undici's error where it breaks off, or the signal's reason
   */
  readBody(maxBytes: number): Promise<{ bytes: Buffer; isCut: boolean }>;
}

/**
 * Sends one request; resolves with the head of its answer. undici's own `request` hands the body over as a stream, which
 * costs more than the rest of it.
 *
 * @throws undici's error, or the signal's reason: nothing is sent then that was not sent before
 */
export function dispatch(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: Signal,
): Promise<HttpResponse> {
  const body = collectBody();
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      reject(error);
      body.fail(error);
    };
    const abort = (): void => {
      const reason = signal.reason;
      fail(reason);
      controller?.abort(reason);
    };
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart(started) {
        controller = started;
        // It waited for a connection until now.
        if (signal.aborted) started.abort(signal.reason);
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return;
        resolve({ status, headers, readBody: body.read });
      },
      onResponseData(receiving, chunk) {
        if (body.take(chunk)) return;
        signal.removeEventListener('abort', abort);
        receiving.abort(new Error('the rest is not wanted'));
      },
      onResponseEnd() {
        signal.removeEventListener('abort', abort);
        body.end();
      },
      onResponseError: (_controller, error) => fail(error),
    });
  });
}

/** Puts the chunks of a body together, until there are more than are asked for. */
function collectBody() {
  const chunks: Buffer[] = [];
  let length = 0;
  let maxBytes = Infinity;
  let settle: { resolve: (body: { bytes: Buffer; isCut: boolean }) => void; reject: (error: Error) => void };
  const whole = new Promise<{ bytes: Buffer; isCut: boolean }>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Who never reads it need not hear that it broke off.
  whole.catch(() => undefined);
  const finishIfFull = (): boolean => {
    if (length <= maxBytes) return false;
    settle.resolve({ bytes: Buffer.concat(chunks, maxBytes), isCut: true });
    return true;
  };

  return {
    /** False: enough is there. */
    take(chunk: Buffer): boolean {
      chunks.push(chunk);
      length += chunk.length;
      return !finishIfFull();
    },
    end: () => settle.resolve({ bytes: Buffer.concat(chunks, length), isCut: false }),
    fail: (error: Error) => settle.reject(error),
    read(limit: number) {
      maxBytes = limit;
      finishIfFull();
      return whole;
    },
  };
}
