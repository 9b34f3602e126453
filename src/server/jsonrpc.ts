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
  setImmediate: createTurns(),
  setInterval(callback, delayMs, ...args: unknown[]) {
    const handle = setInterval(callback, delayMs, ...args);
    return { dispose: () => clearInterval(handle) };
  },
};

/**
 * Each message goes through here. A turn of the event loop would be a tenth of a read, so the first one does not wait for it;
 * those behind it wait one each, so that what is refused at once does not overtake what came before.
 */
function createTurns(): Timer['setImmediate'] {
  let isTaken = false;
  function take(): void {
    isTaken = true;
    setImmediate(() => {
      isTaken = false;
    });
  }
  return (callback, ...args: unknown[]) => {
    let isDisposed = false;
    const run = (): void => {
      if (!isDisposed) callback(...args);
    };
    if (isTaken) {
      setImmediate(() => {
        take();
        run();
      });
    } else {
      take();
      queueMicrotask(run);
    }
    return {
      dispose: () => {
        isDisposed = true;
      },
    };
  };
}

RAL.install({ timer, console } as unknown as RAL);

export { createMessageConnection, Emitter, ResponseError } from 'vscode-jsonrpc';
export type { Message, MessageReader, MessageWriter, RequestMessage, ResponseMessage } from 'vscode-jsonrpc';
