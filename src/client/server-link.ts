import type { Clock } from '../util/clock.js';
import { type Connection, type ConnectionOptions, connectToServer } from './connection.js';
import { ConnectionError } from './errors.js';
import { shakeHands } from './handshake.js';
import type { InitializeParams, InitializeResponse } from './protocol.js';
import type { StopPatience } from './start-server.js';

export interface LinkOptions extends ConnectionOptions {
  readonly introduction: InitializeParams;
  /** The oldest Codex version to accept; null accepts any. */
  readonly minimumVersion: string | null;
  /** How long the handshake may take. */
  readonly startLimitMs: number;
  /** Called when the server was started again, before any request to it. */
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
  /** @throws ConnectionError */
  open(): Promise<OpenConnection>;
  /** Ends the server; nothing is started any more. */
  close(patience?: Partial<StopPatience>): Promise<void>;
}

export function createServerLink(options: LinkOptions): ServerLink {
  let current: { readonly connection: Connection; readonly opened: Promise<OpenConnection> } | undefined;
  let replacement: AbortController | undefined;
  let isClosed = false;

  function start(): NonNullable<typeof current> {
    const connection = connectToServer(options);
    return { connection, opened: introduce(connection) };
  }

  async function introduce(connection: Connection): Promise<OpenConnection> {
    const { introduction, minimumVersion, startLimitMs, clock } = options;
    const limit = new AbortController();
    const cancelLimit = clock.after(startLimitMs, () =>
      limit.abort(new ConnectionError('timedOut', 'the server has not answered initialize in time')),
    );
    try {
      const server = await shakeHands(connection, introduction, { minimumVersion, signal: limit.signal });
      void connection.exited.then(options.onExit);
      if (replacement) options.onRestart();
      replacement?.abort(new ConnectionError('serverExited', 'the server has been started anew'));
      replacement = new AbortController();
      return { connection, server, replaced: replacement.signal };
    } catch (error) {
      // One that is of no use has nothing to finish. The next request starts another one.
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
