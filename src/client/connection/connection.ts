import { readLines } from '../../framing/line-reader.js';
import { createTextWriter } from '../../framing/text-writer.js';
import { type Clock, systemClock } from '../../util/clock.js';
import { ConnectionError } from './errors.js';
import { createPendingCalls } from './pending-calls.js';
import type { ClientMethods, Methods, Notifications } from '../protocol.js';
import { readMessage, type ServerMessage } from './read-message.js';
import { type StartOptions, startServer, type StopTimeouts } from './start-server.js';

export interface ConnectionOptions extends StartOptions {
  /** Sees every line that goes to the server or comes from it. */
  readonly onLine?: ((direction: 'sent' | 'received', line: string) => void) | undefined;
  /** Answers what the server asks of its client; without it such requests are refused. */
  readonly onRequest?: OnRequest | undefined;
  /** Told every notification. It must not throw. */
  readonly onNotification?: ((method: string, params: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
}

export type OnRequest = <M extends keyof ClientMethods>(
  method: M,
  params: ClientMethods[M]['params'],
) => Promise<ClientMethods[M]['result']>;

export interface Connection {
  /**
   * Sends a request. Once `signal` is aborted its answer is not waited for any more; the server may still carry it out.
   *
   * @throws RequestError when the server answers with an error, ConnectionError when it does not answer, the signal's reason
   */
  request<M extends keyof Methods>(
    method: M,
    params: Methods[M]['params'],
    signal?: AbortSignal,
  ): Promise<Methods[M]['result']>;
  notify(method: string): Promise<void>;
  /** Sees every such notification from now on; the last one who asks for a method gets them. */
  onNotification<M extends keyof Notifications>(method: M, handle: (params: Notifications[M]) => void): void;
  onNotification(method: string, handle: (params: unknown) => void): void;
  /** Why no answer comes any more; undefined as long as they do. */
  readonly failure: ConnectionError | undefined;
  /** Resolves with the exit code of the server; null where a signal ended it, or it never began. */
  readonly exited: Promise<number | null>;
  /** Ends the server's input, and the server if it does not end by itself; resolves with its exit code. */
  close(patience?: Partial<StopTimeouts>): Promise<number | null>;
}

const maxLineBytes = 64 * 1024 * 1024;

/** A server may have up to ten seconds of work left that must not be broken off: a consume that was sent. */
const defaultStopTimeouts: StopTimeouts = { graceMs: 12_000, termMs: 2_000 };

/** Starts a server as a child process and speaks JSON lines with it. @throws ConnectionError where it cannot be started */
export function connectToServer(options: ConnectionOptions): Connection {
  const { onLine = () => undefined, onRequest, clock = systemClock } = options;
  const server = startServer(options, clock);
  const output = createTextWriter(server.input);
  const calls = createPendingCalls();
  const handlers = new Map<string, (params: unknown) => void>();
  let lastId = 0;
  let failure: ConnectionError | undefined;
  let hasOutputEnded = false;

  function fail(reason: ConnectionError): void {
    failure ??= reason;
    calls.fail(failure);
  }

  /** What comes behind a message that is none cannot be trusted. */
  function failBadMessage(what: string): void {
    fail(new ConnectionError('badMessage', `the server has sent ${what}`));
    server.kill();
  }

  async function send(message: object): Promise<void> {
    const line = JSON.stringify(message);
    onLine('sent', line);
    // A stream that is broken shows in the end of the server.
    await output.write(`${line}\n`).catch(() => undefined);
  }

  async function answer({ id, method, params }: Extract<ServerMessage, { kind: 'request' }>): Promise<void> {
    if (method !== 'account/chatgptAuthTokens/refresh' || !onRequest) {
      await send({ id, error: { code: -32601, message: `the client does not serve ${method}` } });
      return;
    }
    try {
      const given = params as ClientMethods[typeof method]['params'];
      await send({ id, result: await onRequest(method, given) });
    } catch {
      // Its text might hold anything.
      await send({ id, error: { code: -32603, message: 'the client has no answer' } });
    }
  }

  function tell({ method, params }: Extract<ServerMessage, { kind: 'notification' }>): void {
    handlers.get(method)?.(params);
    options.onNotification?.(method, params);
  }

  function receive(line: string): void {
    onLine('received', line);
    const message = readMessage(line);
    // A line that was cut by the end of the server is no fault of its own.
    if (message === undefined && hasOutputEnded) return;
    if (message === undefined) failBadMessage('a line that is no message');
    else if (message.kind === 'request') void answer(message);
    else if (message.kind === 'notification') tell(message);
    else if (!calls.settle(message)) failBadMessage('an answer that nobody waits for');
  }

  async function* untilEnd(): AsyncGenerator<Uint8Array> {
    yield* server.output as AsyncIterable<Uint8Array>;
    hasOutputEnded = true;
  }

  async function receiveAll(): Promise<void> {
    for await (const line of readLines(untilEnd(), maxLineBytes)) {
      if (failure) return;
      if (line.kind === 'text') receive(line.text);
      else failBadMessage('a line that is no message');
    }
  }

  const received = receiveAll().catch(() => undefined);
  const exited = Promise.all([server.ended, received]).then(([{ exitCode, reason }]) => {
    fail(reason);
    return exitCode;
  });

  return {
    async request(method, params, signal) {
      signal?.throwIfAborted();
      if (failure) throw failure;
      lastId += 1;
      const answer = calls.wait(lastId, method, signal);
      void send({ id: lastId, method, params });
      return answer;
    },
    notify: (method) => send({ method }),
    onNotification(method: string, handle: (params: never) => void) {
      handlers.set(method, handle as (params: unknown) => void);
    },
    get failure() {
      return failure;
    },
    exited,
    async close(patience) {
      await server.stop({ ...defaultStopTimeouts, ...patience });
      return exited;
    },
  };
}
