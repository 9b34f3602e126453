import { changeSince } from '../../limits/change.js';
import { watchInterval } from '../../limits/pace.js';
import { withinMs } from '../../util/waiting.js';
import { guarded } from '../callbacks.js';
import type { Connection } from '../connection/connection.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import type { AccountRateLimitsWatchFailedNotification, GetAccountRateLimitsResponse } from '../protocol.js';
import { createNewestValue } from './newest-value.js';
import type { WatchOptions, WatchProblem } from './options.js';
import { createWatch, type Watch, watchMethod, type WatchServices } from './watch.js';

/** The watches of a client. The server watches once for all of them, with the shortest of their intervals. */
export interface Watches {
  /** Returns the limits of a watch, which begins when the first value is taken. */
  values(options: WatchOptions): AsyncIterableIterator<GetAccountRateLimitsResponse>;
  /** Notes a read of the client: the server does not report a change that the client has read itself. */
  noteRead(limits: GetAccountRateLimitsResponse): void;
  /** Ends all watches without a request to the server. */
  endAll(): void;
}

export interface WatchesOptions extends WatchServices {
  /** Listens for `account/rateLimits/updated`. Returns a function that removes the handler. */
  readonly onUpdate: (handle: () => void) => () => void;
  /** Listens for `account/rateLimits/watchFailed`. Returns a function that removes the handler. */
  readonly onFailure: (handle: (failure: AccountRateLimitsWatchFailedNotification) => void) => () => void;
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

  function add(
    handle: (limits: GetAccountRateLimitsResponse) => void,
    { intervalMs, onProblem }: WatchOptions,
  ): Watch {
    const intervalSecs = watchInterval(intervalMs === undefined ? undefined : Math.round(intervalMs / 1000));
    const watch = createWatch({
      ...options,
      intervalSecs,
      sharedIntervalSecs,
      onRead(limits) {
        noteRead(limits, watch);
        handle(limits);
      },
      onProblem: onProblem && guarded(onProblem),
      onWatching: readWhenExited,
    });
    watches.add(watch);
    const listeners = [
      options.onUpdate(watch.requestRead),
      options.onFailure((failure) => {
        watch.noteProblem();
        if (onProblem) guarded(onProblem)(problemOf(failure));
      }),
    ];
    watch.signal.addEventListener('abort', () => {
      watches.delete(watch);
      for (const stopListening of listeners) stopListening();
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

  function values(given: WatchOptions): AsyncIterableIterator<GetAccountRateLimitsResponse> {
    const newest = createNewestValue<GetAccountRateLimitsResponse>();
    let watch: Watch | undefined;

    function begin(): void {
      if (given.signal?.aborted) {
        newest.end();
        return;
      }
      const begun = (watch = add(newest.put, given));
      const abort = (): void => {
        newest.drop();
        void stop(begun);
      };
      given.signal?.addEventListener('abort', abort, { once: true });
      begun.signal.addEventListener('abort', () => {
        given.signal?.removeEventListener('abort', abort);
        newest.end();
      });
      begun.run().catch((error: unknown) => {
        if (!begun.signal.aborted) newest.end(error as Error);
        begun.end();
      });
    }

    let hasBegun = false;
    return {
      async next() {
        if (!hasBegun) begin();
        hasBegun = true;
        return newest.next();
      },
      async return() {
        hasBegun = true;
        newest.drop();
        newest.end();
        if (watch) await stop(watch);
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    values,
    noteRead: (limits) => noteRead(limits),
    endAll() {
      for (const watch of watches) watch.end(new ConnectionError('closed', 'the client is closed'));
    },
  };
}

/** Describes a failure of the server's own reads as that of a request. */
function problemOf({ nextReadAt, ...data }: AccountRateLimitsWatchFailedNotification): WatchProblem {
  const message = `the reads of the watch fail (${data.kind})`;
  return {
    error: new RequestError(watchMethod, { code: -32603, message, data }),
    nextReadAtMs: nextReadAt * 1000,
  };
}
