import type { Readable, Writable } from 'node:stream';
import { createMessageConnection } from './jsonrpc.js';
import type { Framing } from '../framing/frame.js';
import { createTextWriter } from '../framing/text-writer.js';
import { createClientState } from '../handlers/initialize.js';
import { createNotifier } from './notifier.js';
import { isMethod } from '../protocol/methods.js';
import { AppError } from '../util/errors.js';
import { createClientRequests } from './client-requests.js';
import { createDispatcher } from './dispatcher.js';
import { errorResponse } from './error-response.js';
import { createMessageReader, type IncomingParams } from './message-reader.js';
import { createMessageWriter } from './message-writer.js';
import { createPendingRequests } from './pending-requests.js';
import { createServices, type ServiceOptions } from './services.js';
import { createShutdown, type Shutdown } from './shutdown.js';

export interface ServerOptions extends ServiceOptions {
  readonly input: Readable;
  readonly output: Writable;
}

/** Reading pauses at either limit. No request is refused because of their number or size. */
const openLimits = {
  usual: { count: 512, bytes: 64 * 1024 * 1024 },
  duringClientRequest: { count: 65_536, bytes: 128 * 1024 * 1024 },
};

/** Serves one client on a pair of streams, until the input has ended and every request is answered. */
export function startServer(options: ServerOptions): Shutdown {
  const { input, output, clock, log } = options;
  const client = createClientState();
  const notify = createNotifier({ client, clock, writer: () => writer });
  const pending = createPendingRequests(openLimits);
  const clientRequests = createClientRequests({
    clock,
    send: (id, method, params) => void writer.request(id, method, params),
    onPendingChange: pending.setClientRequestPending,
  });
  const { handlers, auth, watch } = createServices({
    ...options,
    client,
    notify,
    requestClient: clientRequests.request,
  });
  const dispatch = createDispatcher(handlers, { client, isReadOnly: options.isReadOnly });
  // An error is ignored here: the first request that needs the login gets it too.
  const beginSession = (): Promise<void> => auth.session.begin().catch(() => undefined);

  const shutdown = createShutdown({
    input,
    pending,
    clock,
    log,
    onEnding() {
      clientRequests.end();
      watch.stop();
    },
    whenIdle: auth.close,
  });
  let framing: Framing = 'lines';
  const writer = createMessageWriter({
    output: createTextWriter(output),
    framing: () => framing,
    pending,
    onBroken: shutdown.abort,
  });
  const reader = createMessageReader({
    input,
    pending,
    onFraming: (chosen) => {
      framing = chosen;
    },
    onResponse: clientRequests.answer,
    onEnd: shutdown.inputEnded,
    refuse({ reason, message, idText }) {
      log.warn(`refused a message: ${reason}`);
      const error = errorResponse(new AppError(reason, message), '', log);
      return writer.refuse(error.toJson(), idText);
    },
  });
  output.on('error', shutdown.abort);

  const connection = createMessageConnection(reader, writer);
  connection.onRequest(async (method, incoming) => {
    const { request, paramsText } = incoming as unknown as IncomingParams;
    const startMs = clock.monotonicMs();
    const logResult = (result: string): void => {
      const name = isMethod(method) ? method : 'unknown method';
      log.debug(`${name}: ${result} after ${clock.monotonicMs() - startMs} ms`);
    };
    try {
      const result = await dispatch(method, paramsText, request);
      logResult('answered');
      if (method === 'initialize') void request.answered.then(beginSession);
      return result;
    } catch (error) {
      const response = errorResponse(error, method, log);
      logResult(`error ${response.code}`);
      return response;
    }
  });
  connection.listen();
  return shutdown;
}
