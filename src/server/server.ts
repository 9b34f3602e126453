import type { Readable, Writable } from 'node:stream';
import { createMessageConnection } from './messages/jsonrpc.js';
import type { Framing } from '../framing/frame.js';
import { createTextWriter } from '../framing/text-writer.js';
import { createClientState } from '../handlers/initialize.js';
import { createNotifier } from './messages/notifier.js';
import { isMethod } from '../protocol/methods.js';
import { AppError } from '../util/errors.js';
import { createClientRequests } from './requests/client-requests.js';
import { createDispatcher } from './requests/dispatcher.js';
import { errorResponse } from './messages/error-response.js';
import { createFollowLogin } from './follow-login.js';
import { createMessageReader, type IncomingParams } from './messages/message-reader.js';
import { createMessageWriter } from './messages/message-writer.js';
import type { CreatePassOn, PassOn } from './pass-on.js';
import { passedOn, type PassedParams } from './messages/passed-messages.js';
import { createPendingRequests } from './requests/pending-requests.js';
import { createServices, type ServiceOptions } from './services.js';
import { createShutdown, type Shutdown } from './shutdown.js';

export interface ServerOptions extends ServiceOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Passes what is not ours on to another server. Without it, that is refused. */
  readonly createPassOn?: CreatePassOn | undefined;
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
  const isAllowed: PassOn['allows'] = (...notification) => passOn?.allows(...notification) ?? true;
  const notify = createNotifier({ client, clock, writer: () => writer, isAllowed });
  const pending = createPendingRequests(openLimits);
  const noteWaiting = createWaitingFlags(pending.setClientRequestPending);
  const clientRequests = createClientRequests({
    clock,
    send: (id, method, params) => void writer.request(id, method, params),
    onPendingChange: (isPending) => noteWaiting('own', isPending),
  });
  const passOn = options.createPassOn?.({
    client,
    write(members) {
      const accepted = writer.pass(members);
      return output.writableLength > unreadLimitBytes ? accepted : undefined;
    },
    nextRequestId: clientRequests.nextId,
    setRequestPending: (isPending) => noteWaiting('passedOn', isPending),
    followLogin: (change) => followLogin(change),
    refreshesSaved: () => auth.refreshesSaved(),
  });
  const services = createServices({
    ...options,
    client,
    notify,
    requestClient: clientRequests.request,
    otherRefresher: passOn?.refresher,
  });
  const { handlers, auth, watch } = services;
  const followLogin = createFollowLogin({ ...services, log });
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
      passOn?.inputEnded();
      watch.stop();
    },
    onAbort: () => void passOn?.end('abort'),
    async whenIdle() {
      await Promise.all([auth.close(), passOn?.end('drain')]);
    },
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
    passOn,
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
    const { request, paramsText, text } = incoming as unknown as IncomingParams;
    const startMs = clock.monotonicMs();
    const logResult = (result: string): void => {
      const name = isMethod(method) ? method : 'unknown method';
      log.debug(`${name}: ${result} after ${clock.monotonicMs() - startMs} ms`);
    };
    try {
      const own = (): Promise<unknown> => dispatch(method, paramsText, request);
      const { signal, answered } = request;
      const read = { method, paramsText, text, signal, answered };
      const result = await (passOn ? passOn.handle(read, own) : own());
      logResult('answered');
      if (method === 'initialize') void request.answered.then(beginSession);
      return result;
    } catch (error) {
      const response = errorResponse(error, method, log);
      logResult(`error ${response.code}`);
      return response;
    }
  });
  if (passOn) {
    connection.onNotification(passedOn, (params) => {
      const { message, onPassed } = params as unknown as PassedParams;
      passOn.receive(message);
      onPassed();
    });
  }
  connection.listen();
  return shutdown;
}

/** Above this size of what the client has not read, the other server is not read either. */
const unreadLimitBytes = 256 * 1024;

/** Combines two flags: `set` gets true while at least one of them is set. */
function createWaitingFlags(
  set: (isAny: boolean) => void,
): (flag: 'own' | 'passedOn', isSet: boolean) => void {
  const flags = { own: false, passedOn: false };
  return (flag, isSet) => {
    flags[flag] = isSet;
    set(flags.own || flags.passedOn);
  };
}
