import { type Connection, type ConnectionOptions, connectToServer } from './connection.js';
import { ConnectionError } from './errors.js';
import { createFailedStarts } from './failed-starts.js';
import { performHandshake } from './handshake.js';
import type { InitializeParams, InitializeResponse } from '../protocol.js';
import type { StopTimeouts } from './start-server.js';

export interface LinkOptions extends ConnectionOptions {
  readonly initializeParams: InitializeParams;
  /** The oldest Codex version to accept; null accepts any. */
  readonly minimumVersion: string | null;
  /** The time limit of the handshake. */
  readonly startLimitMs: number;
  /** Called after the server was started again, before any request is sent to it. It must not throw. */
  readonly onRestart: () => void;
  /** Called after a server that had answered `initialize` has exited. */
  readonly onExit: () => void;
}

/** A server that has answered `initialize`. */
export interface OpenConnection {
  readonly connection: Connection;
  readonly server: InitializeResponse;
  /** Aborted after another server was started in its place. Tokens that it had only in memory are then lost. */
  readonly replaced: AbortSignal;
}

/** A server that is started with the first request, and again if it has exited. */
export interface ServerLink {
  /** Returns the server, after starting it if needed. @throws ConnectionError */
  open(): Promise<OpenConnection>;
  /** Returns the end of the stderr of the server so far, without secrets; empty if none was started. */
  stderrTail(): string;
  /** Ends the server. No other is started after that. */
  close(timeouts?: Partial<StopTimeouts>): Promise<void>;
}

export function createServerLink(options: LinkOptions): ServerLink {
  const { clock } = options;
  const failedStarts = createFailedStarts(clock);
  let current: { readonly connection: Connection; readonly opened: Promise<OpenConnection> } | undefined;
  let replacement: AbortController | undefined;
  let isClosed = false;

  function start(): NonNullable<typeof current> {
    failedStarts.throwIfTooMany();
    const connection = connect();
    let openedAtMs: number | undefined;
    void connection.exited.then(() => {
      if (connection.failure) failedStarts.recordEnd(connection.failure, openedAtMs);
    });
    const opened = initialize(connection).then((open) => {
      openedAtMs = clock.monotonicMs();
      return open;
    });
    return { connection, opened };
  }

  function connect(): Connection {
    try {
      return connectToServer(options);
    } catch (error) {
      if (error instanceof ConnectionError) failedStarts.recordEnd(error);
      throw error;
    }
  }

  async function initialize(connection: Connection): Promise<OpenConnection> {
    const { initializeParams, minimumVersion, startLimitMs } = options;
    const limit = new AbortController();
    const cancelLimit = clock.after(startLimitMs, () => {
      const message = 'the server did not answer initialize in time';
      limit.abort(new ConnectionError('timedOut', message, { stderrTail: connection.stderrTail() }));
    });
    try {
      const server = await performHandshake(connection, initializeParams, {
        minimumVersion,
        signal: limit.signal,
      });
      void connection.exited.then(options.onExit);
      if (replacement) options.onRestart();
      replacement?.abort(new ConnectionError('serverExited', 'the server was started again'));
      replacement = new AbortController();
      return { connection, server, replaced: replacement.signal };
    } catch (error) {
      // This server has no request in flight. The next request starts another one.
      if (current?.connection === connection) current = undefined;
      await connection.close({ graceMs: 0 });
      throw error;
    } finally {
      cancelLimit();
    }
  }

  return {
    async open() {
      if (isClosed) throw new ConnectionError('closed', 'the client is closed');
      if (current === undefined || current.connection.failure) current = start();
      return current.opened;
    },
    stderrTail: () => current?.connection.stderrTail() ?? '',
    async close(timeouts) {
      isClosed = true;
      await current?.connection.close(timeouts);
    },
  };
}
