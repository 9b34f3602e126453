import type { Readable, Writable } from 'node:stream';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import { createSession } from '../auth/session.js';
import { createBackendClient } from '../backend/client.js';
import type { HttpDispatcher } from '../backend/http.js';
import type { BackendTimeLimits } from '../backend/limits.js';
import { createConfig } from '../config/config.js';
import type { Settings } from '../config/config-toml.js';
import type { Framing } from '../framing/frame.js';
import { createTextWriter } from '../framing/text-writer.js';
import { createClientState, type ServerIdentity } from '../handlers/initialize.js';
import { createHandlers } from '../handlers/table.js';
import { isMethod } from '../protocol/methods.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { createDispatcher } from './dispatcher.js';
import { errorResponse } from './error-response.js';
import { createMessageReader, type IncomingParams } from './message-reader.js';
import { createMessageWriter } from './message-writer.js';
import { createPendingRequests } from './pending-requests.js';
import { createShutdown, type Shutdown } from './shutdown.js';

export interface ServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly identity: ServerIdentity;
  /** Settings of the command line, which beat config.toml. */
  readonly configOverrides: Settings;
  readonly http: HttpDispatcher;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeLimits: BackendTimeLimits;
}

/** Above this many open requests reading pauses; none is refused for their number. */
const maxOpenRequests = 512;

/** Serves one client on a pair of streams, until its input has ended and everything is answered. */
export function startServer(options: ServerOptions): Shutdown {
  const { input, output, identity, clock, log } = options;
  const client = createClientState();
  const config = createConfig({ codexHome: identity.codexHome, overrides: options.configOverrides });
  const backend = createBackendClient({
    dispatcher: options.http,
    clock,
    timeLimits: options.timeLimits,
    baseUrl: () => config.chatgptBaseUrl(),
    userAgent: () => client.userAgent,
  });
  const session = createSession({ codexHome: identity.codexHome, clock, log });
  const dispatch = createDispatcher(createHandlers({ identity, client, session, backend }), client);

  const pending = createPendingRequests(maxOpenRequests);
  const shutdown = createShutdown({ input, pending, clock, log });
  let framing: Framing = 'lines';
  const writer = createMessageWriter({
    output: createTextWriter(output),
    framing: () => framing,
    pending,
    clock,
    onBroken: shutdown.abort,
  });
  const reader = createMessageReader({
    input,
    pending,
    onFraming: (chosen) => {
      framing = chosen;
    },
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
    const { internalId, params } = incoming as unknown as IncomingParams;
    const signal = pending.get(internalId)?.controller.signal ?? AbortSignal.abort();
    const startMs = clock.nowMs();
    const say = (result: string): void => {
      const name = isMethod(method) ? method : 'unknown method';
      log.debug(`${name}: ${result} after ${clock.nowMs() - startMs} ms`);
    };
    try {
      const result = await dispatch(method, params, { signal });
      say('answered');
      return result;
    } catch (error) {
      const response = errorResponse(error, method, log);
      say(`error ${response.code}`);
      return response;
    }
  });
  connection.listen();
  return shutdown;
}
