import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import type { Log } from '../../util/log.js';
import { withinMs } from '../../util/waiting.js';

export interface CallbackRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Whether a page of another site sent it; redirects do not count. */
  readonly isForeign: boolean;
}

export interface CallbackReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Called when it has been sent, or the browser has gone. */
  readonly onSent?: () => void;
}

export interface CallbackServer {
  readonly port: number;
  /** Frees the port at once and closes all connections. */
  close(): void;
}

export interface CallbackServerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The second is used if the first stays taken. */
  readonly ports: readonly [number, number];
  readonly answer: (request: CallbackRequest) => Promise<CallbackReply>;
}

/** The query of a redirect contains a whole id token. */
const maxHeaderSize = 64 * 1024;

/** How long the end of a login waits until the browser has received the last page. */
const lastPageMs = 1_000;

/**
 * Serves the browser of this machine: GET on 127.0.0.1, one request per connection. Requests for another host name are
 * refused, because of DNS rebinding.
 *
 * @throws AppError `loginFailed` if neither port is free
 */
export async function openCallbackServer(options: CallbackServerOptions): Promise<CallbackServer> {
  const { clock, log, ports } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ maxHeaderSize }, (request, response) => {
    void serve(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    const { onSent, ...reply } = await replyTo(request);
    response.writeHead(reply.status, { ...reply.headers, connection: 'close' }).end(reply.body ?? '');
    if (!onSent) return;
    await withinMs(clock, lastPageMs, closed);
    onSent();
  }

  async function replyTo(request: IncomingMessage): Promise<CallbackReply> {
    if (!isOwnHost(request.headers.host)) return textReply(403, 'Forbidden');
    if (request.method !== 'GET') return textReply(405, 'Method Not Allowed');
    try {
      return await options.answer(readRequest(request));
    } catch (error) {
      // Its message may contain what the browser sent.
      log.error(`the login callback failed: ${error instanceof Error ? error.name : 'unknown'}`);
      return textReply(500, 'Internal Server Error');
    }
  }

  return {
    port: await listenOnOneOf(server, ports, clock),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export function textReply(status: number, body: string): CallbackReply {
  return { status, headers: { 'content-type': 'text/plain; charset=UTF-8' }, body };
}

function isOwnHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host ?? '');
}

function readRequest({ url = '', headers }: IncomingMessage): CallbackRequest {
  const [path = '', ...query] = url.split('?');
  const site = headers['sec-fetch-site'] ?? 'none';
  return {
    path,
    query: new URLSearchParams(query.join('?')),
    isForeign: site !== 'none' && site !== 'same-origin',
  };
}

const listenAttempts = 10;
const listenPauseMs = 200;
const cancelLimitMs = 2_000;

/**
 * Listens on 127.0.0.1. On the first port an older login of this program or of Codex may still wait: it is asked to
 * cancel. If the port stays taken, the second one is tried.
 *
 * @throws AppError `loginFailed`
 */
async function listenOnOneOf(
  server: Server,
  ports: readonly [number, number],
  clock: Clock,
): Promise<number> {
  for (const port of ports) {
    for (let attempt = 1; attempt <= listenAttempts; attempt += 1) {
      if (await listen(server, port)) return (server.address() as AddressInfo).port;
      if (port === ports[0] && attempt === 1) await askToCancel(port, clock);
      await new Promise<void>((resolve) => {
        clock.after(listenPauseMs, resolve);
      });
    }
  }
  throw startError(`Port 127.0.0.1:${ports[1]} is already in use`);
}

/** Resolves with false if the port is taken. */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(startError(error.message, error));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(port, '127.0.0.1');
  });
}

/** Asks the program that listens there to cancel its login. The answer is ignored: only a free port counts. */
function askToCancel(port: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/cancel', agent: false });
    const cancelTimer = clock.after(cancelLimitMs, () => {
      request.destroy();
    });
    request.on('response', () => {
      request.destroy();
    });
    request.on('error', () => undefined);
    request.on('close', () => {
      cancelTimer();
      resolve();
    });
  });
}

function startError(reason: string, cause?: Error): AppError {
  return new AppError('loginFailed', `failed to start login server: ${reason}`, { cause });
}
