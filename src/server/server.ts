import type { Readable, Writable } from 'node:stream';
import { createMessageConnection } from 'vscode-jsonrpc/node';
import type { AuthEnvironment } from '../auth/environment.js';
import { createLogins } from '../auth/logins.js';
import { openSession } from '../auth/open-session.js';
import { createBackendClient } from '../backend/client.js';
import { createIssuerClient } from '../backend/issuer-client.js';
import type { HttpConnections } from '../backend/connections.js';
import type { BackendTimeLimits } from '../backend/limits.js';
import { createConfig } from '../config/config.js';
import type { Settings } from '../config/config-toml.js';
import type { Framing } from '../framing/frame.js';
import { createTextWriter } from '../framing/text-writer.js';
import { createClientState, type ServerIdentity } from '../handlers/initialize.js';
import { createLoginNews } from '../handlers/login-news.js';
import { createHandlers } from '../handlers/table.js';
import { createWorkspaceLookup } from '../handlers/workspace-lookup.js';
import { accountUpdatedFromLogin } from '../domain/account.js';
import type { FileLocks } from '../util/file-lock.js';
import { createNotifier } from './notifier.js';
import { isMethod } from '../protocol/methods.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { createClientRequests } from './client-requests.js';
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
  readonly authEnvironment: AuthEnvironment;
  readonly connections: HttpConnections;
  readonly locks: FileLocks;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly timeLimits: BackendTimeLimits;
}

/** Above either limit reading pauses; no request is refused for their number or size. */
const openLimits = { count: 512, bytes: 64 * 1024 * 1024 };

/** Serves one client on a pair of streams, until its input has ended and everything is answered. */
export function startServer(options: ServerOptions): Shutdown {
  const { input, output, identity, clock, log } = options;
  const client = createClientState();
  const config = createConfig({ codexHome: identity.codexHome, overrides: options.configOverrides });
  const backend = createBackendClient({
    connections: options.connections,
    clock,
    timeLimits: options.timeLimits,
    random: options.random,
    baseUrl: () => config.chatgptBaseUrl(),
    userAgent: () => client.userAgent,
  });
  const issuer = createIssuerClient({
    connections: options.connections,
    clock,
    userAgent: () => client.userAgent,
    originator: () => client.originator,
    refreshLimitMs: options.timeLimits.tokenRefreshMs,
    whoamiLimitMs: options.timeLimits.whoamiMs,
    codeExchangeLimitMs: options.timeLimits.codeExchangeMs,
    deviceCodeLimitMs: options.timeLimits.deviceCodeMs,
    revokeLimitMs: options.timeLimits.revokeMs,
    log,
  });
  const notify = createNotifier({ client, clock, writer: () => writer });
  const { settings } = config;
  const pending = createPendingRequests(openLimits);
  const clientRequests = createClientRequests({
    clock,
    send: (id, method, params) => void writer.ask(id, method, params),
    onAsking: pending.setAsking,
  });
  const auth = openSession({
    codexHome: identity.codexHome,
    clock,
    random: options.random,
    log,
    locks: options.locks,
    issuer,
    environment: options.authEnvironment,
    originator: () => client.originator,
    settings,
    ask: clientRequests.ask,
    onChange(login) {
      backend.separateReads();
      notify('account/updated', accountUpdatedFromLogin(login));
    },
  });
  const { session } = auth;
  const news = createLoginNews({ session, notify });
  const logins = createLogins(async (loginId, error) => {
    if (error !== null) {
      news.tellFailed(loginId, error);
      return;
    }
    backend.separateReads();
    await news.tellSignedIn(loginId, Promise.resolve());
  });
  const workspaces = createWorkspaceLookup({ session, backend, clock, log });
  const handlers = createHandlers({
    identity,
    client,
    session,
    backend,
    settings,
    workspaces,
    auth,
    logins,
    news,
  });
  const dispatch = createDispatcher(handlers, client);

  const shutdown = createShutdown({
    input,
    pending,
    clock,
    log,
    onEnding: clientRequests.end,
    async whenIdle() {
      await Promise.all([session.idle(), logins.close()]);
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
    onAnswer: clientRequests.answer,
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
    const { request, params } = incoming as unknown as IncomingParams;
    const startMs = clock.nowMs();
    const say = (result: string): void => {
      const name = isMethod(method) ? method : 'unknown method';
      log.debug(`${name}: ${result} after ${clock.nowMs() - startMs} ms`);
    };
    try {
      const result = await dispatch(method, params, request);
      say('answered');
      // What goes wrong there goes wrong again with the first request, which tells of it.
      if (method === 'initialize') void request.answered.then(session.begin).catch(() => undefined);
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
