/**
 * vscode-jsonrpc without its node part, which loads net, child_process, crypto and its own streams and readers: 5 to
 * 13 ms of CPU time at start. Our reader and writer need nothing of the platform but timers and a console.
 * `test/lsp/stock-client.test.ts` fails when an update asks for more.
 */
import { RAL } from 'vscode-jsonrpc';

type Timer = ReturnType<typeof RAL>['timer'];

const timer: Timer = {
  setTimeout(callback, delayMs, ...args: unknown[]) {
    const handle = setTimeout(callback, delayMs, ...args);
    return { dispose: () => clearTimeout(handle) };
  },
  // Each message goes through here. A turn of the event loop would be a tenth of a read; what waits is bounded by our
  // reader. Node's queueMicrotask takes five times as long as a promise.
  setImmediate(callback, ...args: unknown[]) {
    let isDisposed = false;
    void Promise.resolve().then(() => {
      if (!isDisposed) callback(...args);
    });
    return {
      dispose: () => {
        isDisposed = true;
      },
    };
  },
  setInterval(callback, delayMs, ...args: unknown[]) {
    const handle = setInterval(callback, delayMs, ...args);
    return { dispose: () => clearInterval(handle) };
  },
};

RAL.install({ timer, console } as unknown as RAL);

export { createMessageConnection, Emitter, ResponseError } from 'vscode-jsonrpc';
export type { Message, MessageReader, MessageWriter, RequestMessage, ResponseMessage } from 'vscode-jsonrpc';
