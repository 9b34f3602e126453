import { changeSince } from '../../limits/change.js';
import { watchInterval } from '../../limits/pace.js';
import { withinMs } from '../../util/waiting.js';
import { guarded } from '../callbacks.js';
import type { Connection } from '../connection/connection.js';
import { ConnectionError } from '../connection/errors.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { HandleLimits, WatchOptions } from './options.js';
import { createWatch, type Watch, watchMethod, type WatchServices } from './watch.js';

/** The watches of a client. The server watches once for all of them, with the shortest of their intervals. */
export interface Watches {
  /** Starts a watch. Returns a function that stops it. */
  start(handle: HandleLimits, options: WatchOptions): Promise<() => Promise<void>>;
  /** Notes a read of the client: the server does not report a change that the client has read itself. */
  noteRead(limits: GetAccountRateLimitsResponse): void;
  /** Ends all watches without a request to the server. */
  endAll(): void;
}

export interface WatchesOptions extends WatchServices {
  /** Listens for `account/rateLimits/updated`. Returns a function that removes the handler. */
  readonly onUpdate: (handle: () => void) => () => void;
}

/** How long to wait for the server's answer when a watch is stopped. */
const unwatchLimitMs = 1_000;

export function createWatches(options: WatchesOptions): Watches {
  const watches = new Set<Watch>();
  const followed = new WeakSet<Connection>();

  function sharedIntervalSecs(): number {
    return Math.min(...[...watches].map(({ intervalSecs }) => intervalSecs));
  }

  /** Requests a read by each watch whose limits differ from this read. */
  function noteRead(limits: GetAccountRateLimitsResponse, reader?: Watch): void {
    for (const watch of watches) {
      if (watch !== reader && watch.limits && changeSince(watch.limits, limits).hasChanged)
        watch.requestRead();
    }
  }

  /** Has all watches read again when this server has exited, which starts another one. */
  function readWhenExited(connection: Connection): void {
    if (followed.has(connection)) return;
    followed.add(connection);
    void connection.exited.then(() => {
      for (const watch of watches) watch.requestRead();
    });
  }

  function add(handle: HandleLimits, intervalSecs: number): Watch {
    const watch = createWatch({
      ...options,
      intervalSecs,
      sharedIntervalSecs,
      onRead(limits) {
        noteRead(limits, watch);
        guarded(handle)(limits);
      },
      onWatching: readWhenExited,
    });
    watches.add(watch);
    const stopListening = options.onUpdate(watch.requestRead);
    watch.signal.addEventListener('abort', () => {
      watches.delete(watch);
      stopListening();
    });
    return watch;
  }

  async function stop(watch: Watch): Promise<void> {
    if (watch.signal.aborted) return;
    const before = sharedIntervalSecs();
    watch.end();
    const { connection } = watch;
    const isLast = watches.size === 0;
    if (!connection || (!isLast && sharedIntervalSecs() === before)) return;
    const answer = isLast
      ? connection.request('account/rateLimits/unwatch', {})
      : connection.request(watchMethod, { intervalSecs: sharedIntervalSecs() });
    // A server that has exited watches nothing, and one that hangs does not answer.
    await withinMs(
      options.clock,
      unwatchLimitMs,
      answer.catch(() => undefined),
    );
  }

  return {
    async start(handle, { intervalSecs, onEnd = throwError }) {
      const watch = add(handle, watchInterval(intervalSecs));
      try {
        await watch.begin();
      } catch (error) {
        watch.end();
        throw error;
      }
      watch.follow().catch((error: unknown) => {
        if (watch.signal.aborted) return;
        watch.end();
        guarded(onEnd)(error as Error);
      });
      return () => stop(watch);
    },
    noteRead: (limits) => noteRead(limits),
    endAll() {
      for (const watch of watches) watch.end(new ConnectionError('closed', 'the client is closed'));
    },
  };
}

function throwError(error: Error): never {
  throw error;
}
