/**
 * vscode-jsonrpc without its part for node, which loads more modules of node and its own streams;
 * `src/cli/start/README.md` has the figures. Our reader and writer need only timers and a console from the platform.
 * `test/compat/lsp/stock-client.test.ts` fails if an update needs more.
 */
import { RAL } from 'vscode-jsonrpc';

type Timer = ReturnType<typeof RAL>['timer'];

const timer: Timer = {
  setTimeout(callback, delayMs, ...args: unknown[]) {
    const handle = setTimeout(callback, delayMs, ...args);
    return { dispose: () => clearTimeout(handle) };
  },
  setImmediate(callback, ...args: unknown[]) {
    const handle = setImmediate(callback, ...args);
    return { dispose: () => clearImmediate(handle) };
  },
  setInterval(callback, delayMs, ...args: unknown[]) {
    const handle = setInterval(callback, delayMs, ...args);
    return { dispose: () => clearInterval(handle) };
  },
};

RAL.install({ timer, console } as unknown as RAL);

export { createMessageConnection, Emitter, ResponseError } from 'vscode-jsonrpc';
export type { Message, MessageReader, MessageWriter, RequestMessage, ResponseMessage } from 'vscode-jsonrpc';
