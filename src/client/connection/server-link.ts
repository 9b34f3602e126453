import type { Clock } from '../../util/clock.js';
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
  /** How long the handshake may take. */
  readonly startLimitMs: number;
  /** Called when the server was started again, before any request to it. It must not throw. */
  readonly onRestart: () => void;
  /** Called when a server that has answered `initialize` has ended. */
  readonly onExit: () => void;
  readonly clock: Clock;
}

export interface OpenConnection {
  readonly connection: Connection;
  readonly server: InitializeResponse;
  /** Aborted once another server has taken its place: what it held in memory alone, tokens too, is then gone. */
  readonly replaced: AbortSignal;
}

/** A server that is started when it is needed, and again when it has ended. */
export interface ServerLink {
  /** @throws ConnectionError; `tooManyFailedStarts` after five failed starts within three minutes */
  open(): Promise<OpenConnection>;
  /** Ends the server; none is started after that. */
  close(patience?: Partial<StopTimeouts>): Promise<void>;
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
      openedAtMs = clock.nowMs();
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
    const cancelLimit = clock.after(startLimitMs, () =>
      limit.abort(new ConnectionError('timedOut', 'the server has not answered initialize in time')),
    );
    try {
      const server = await performHandshake(connection, initializeParams, {
        minimumVersion,
        signal: limit.signal,
      });
      void connection.exited.then(options.onExit);
      if (replacement) options.onRestart();
      replacement?.abort(new ConnectionError('serverExited', 'the server has been started again'));
      replacement = new AbortController();
      return { connection, server, replaced: replacement.signal };
    } catch (error) {
      // A server that is of no use has nothing to finish. The next request starts another one.
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
    async close(patience) {
      isClosed = true;
      await current?.connection.close(patience);
    },
  };
}
