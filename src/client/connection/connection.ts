import { readLines } from '../../framing/line-splitter.js';
import { createTextWriter } from '../../framing/text-writer.js';
import type { Clock } from '../../util/clock.js';
import { ConnectionError } from './errors.js';
import { createPendingCalls } from './pending-calls.js';
import type { ClientMethods, Methods } from '../protocol.js';
import { readMessage, type ServerMessage } from './read-message.js';
import { type StartOptions, startServer, type StopTimeouts } from './start-server.js';

export interface ConnectionOptions extends StartOptions {
  /** Called with each line that is sent to the server or received from it. */
  readonly onLine?: ((direction: 'sent' | 'received', line: string) => void) | undefined;
  /** Answers requests of the server. Without it they are refused. */
  readonly onRequest?: OnRequest | undefined;
  /** Called with each notification. It must not throw. */
  readonly onNotification: (method: string, params: unknown) => void;
  readonly clock: Clock;
}

export type OnRequest = <M extends keyof ClientMethods>(
  method: M,
  params: ClientMethods[M]['params'],
) => Promise<ClientMethods[M]['result']>;

/** A running server and the messages to and from it. */
export interface Connection {
  /**
   * Sends a request and waits for its answer, until `signal` is aborted. The server may then still carry it out.
   *
   * @throws RequestError if the server answers with an error; ConnectionError if it does not answer; the signal's
   *   reason
   */
  request<M extends keyof Methods>(
    method: M,
    params: Methods[M]['params'],
    signal?: AbortSignal,
  ): Promise<Methods[M]['result']>;
  notify(method: string): Promise<void>;
  /** The reason why the server no longer answers; undefined while it does. */
  readonly failure: ConnectionError | undefined;
  /** Resolves with the server's exit code, or null if a signal ended it or it was never started. */
  readonly exited: Promise<number | null>;
  /** Returns the end of its stderr so far, without secrets. */
  stderrTail(): string;
  /** Closes the server's input, and kills the server if it does not exit. Resolves with its exit code. */
  close(timeouts?: Partial<StopTimeouts>): Promise<number | null>;
}

const maxLineBytes = 64 * 1024 * 1024;

/** The grace is longer than the 10 s that a consume may take, so that a request in flight is not cut off. */
const defaultStopTimeouts: StopTimeouts = { graceMs: 12_000, termMs: 2_000 };

/**
 * Starts a server as a child process and exchanges JSON lines with it.
 *
 * @throws ConnectionError if it cannot be started
 */
export function connectToServer(options: ConnectionOptions): Connection {
  const { onLine = () => undefined, onRequest, onNotification, clock } = options;
  const server = startServer(options, clock);
  const output = createTextWriter(server.input);
  const calls = createPendingCalls();
  let lastId = 0;
  let failure: ConnectionError | undefined;
  let hasOutputEnded = false;

  function fail(reason: ConnectionError): void {
    failure ??= reason;
    calls.fail(failure);
  }

  /** Kills the server: the rest of its output cannot be trusted. */
  function failBadMessage(what: string): void {
    fail(new ConnectionError('badMessage', `the server sent ${what}`, { stderrTail: server.stderrTail() }));
    server.kill();
  }

  async function send(message: object): Promise<void> {
    const line = JSON.stringify(message);
    onLine('sent', line);
    // A write fails only if the server has exited, which `server.ended` reports.
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
      // The text of the error may contain secrets.
      await send({ id, error: { code: -32603, message: 'the client failed to answer' } });
    }
  }

  function receive(line: string): void {
    onLine('received', line);
    const message = readMessage(line);
    // The last line may be cut off because the server has exited.
    if (message === undefined && hasOutputEnded) return;
    if (message === undefined) failBadMessage('a line that is not a message');
    else if (message.kind === 'request') void answer(message);
    else if (message.kind === 'notification') onNotification(message.method, message.params);
    else if (!calls.settle(message)) failBadMessage('an answer to no request');
  }

  async function* untilEnd(): AsyncGenerator<Uint8Array> {
    yield* server.output as AsyncIterable<Uint8Array>;
    hasOutputEnded = true;
  }

  async function receiveAll(): Promise<void> {
    for await (const line of readLines(untilEnd(), maxLineBytes)) {
      if (failure) return;
      if (line.kind === 'text') receive(line.text);
      else failBadMessage('a line that is not a message');
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
    get failure() {
      return failure;
    },
    exited,
    stderrTail: server.stderrTail,
    async close(timeouts) {
      await server.stop({ ...defaultStopTimeouts, ...timeouts });
      return exited;
    },
  };
}
