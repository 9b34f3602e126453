import { changeSince } from '../limits/change.js';
import { nextWaitMs, watchIntervalSecs } from '../limits/pace.js';
import { windowsOf } from '../limits/windows.js';
import type { Clock } from '../util/clock.js';
import { pause, untilAborted, withinMs } from '../util/waiting.js';
import type { Call } from './connection/call.js';
import { guarded } from './callbacks.js';
import type { Connection } from './connection/connection.js';
import { ConnectionError, RequestError } from './connection/errors.js';
import type { GetAccountRateLimitsResponse } from './protocol.js';
import { backOffMs } from './connection/retry.js';

export interface WatchOptions {
  /** How often the server reads, in seconds; 60 unless given. It takes 15 to 3600. */
  readonly intervalSecs?: number | undefined;
  /**
   * Called if the watch ends by itself: the server cannot be started again, or refuses to watch. Without it the error is
   * an uncaught exception of the program.
   */
  readonly onEnd?: ((error: Error) => void) | undefined;
}

export type HandleLimits = (limits: GetAccountRateLimitsResponse) => void;

/** The watches of a client. */
export interface LimitsWatch {
  start(handle: HandleLimits, options: WatchOptions): Promise<() => Promise<void>>;
  /** Notes a read of the client: the server does not report a change that a read has shown before. */
  note(read: GetAccountRateLimitsResponse): void;
  /** Ends all watches; the server is about to end. */
  end(): void;
}

interface Watch {
  readonly intervalSecs: number;
  /** The limits as they were handed over last. */
  limits: GetAccountRateLimitsResponse | undefined;
  /** Asks for another read. */
  readonly update: () => void;
  readonly own: AbortController;
}

/** How long to wait until the server has confirmed that it stops watching. */
const unwatchLimitMs = 1_000;

const [readMethod, watchMethod] = ['account/rateLimits/read', 'account/rateLimits/watch'] as const;

/** Has the server watch the limits, with the shortest interval of all watches, and reads them when they have changed. */
export function createLimitsWatch(options: {
  open: () => Promise<{ readonly connection: Connection }>;
  call: Call;
  onUpdate: (handle: () => void) => () => void;
  clock: Clock;
  random: () => number;
}): LimitsWatch {
  const { open, call, clock, random } = options;
  const watches = new Set<Watch>();

  function shortestIntervalSecs(): number {
    return Math.min(...[...watches].map(({ intervalSecs }) => intervalSecs));
  }

  function note(read: GetAccountRateLimitsResponse, by?: Watch): void {
    for (const watch of watches) {
      if (watch !== by && watch.limits && changeSince(watch.limits, read).hasChanged) watch.update();
    }
  }

  /** How long to wait after reads have failed. A server that has ended is started again soon. */
  function waitMs(error: unknown, failures: number, { intervalSecs, limits }: Watch): number {
    if (error instanceof ConnectionError) return backOffMs(failures - 1, random());
    return nextWaitMs({
      intervalMs: intervalSecs * 1000,
      quietReads: 0,
      failures,
      retryAfterMs: error instanceof RequestError ? error.details.retryAfterMs : undefined,
      windows: limits ? windowsOf(limits.rateLimits) : [],
      nowMs: clock.nowMs(),
      random: random(),
    });
  }

  return {
    async start(handle, { intervalSecs = watchIntervalSecs.usual, onEnd = fail }) {
      const own = new AbortController();
      const { signal } = own;
      const changes = createFlag();
      const watch: Watch = { intervalSecs, limits: undefined, update: changes.raise, own };
      let watched: Connection | undefined;
      watches.add(watch);
      const stopHearing = options.onUpdate(changes.raise);
      signal.addEventListener('abort', () => {
        watches.delete(watch);
        stopHearing();
      });

      async function read(): Promise<Connection> {
        changes.lower();
        const { connection } = await untilAborted(open(), signal);
        const limits = await call(readMethod, {}, { signal });
        watch.limits = limits;
        note(limits, watch);
        guarded(handle)(limits);
        if (connection === watched) return connection;
        // The server reports what differs from the read above.
        await call(watchMethod, { intervalSecs: shortestIntervalSecs() }, { signal });
        void connection.exited.then(changes.raise);
        return connection;
      }

      /** Ends only with an error. */
      async function follow(): Promise<never> {
        for (let failures = 0; ;) {
          try {
            if (failures === 0) await untilAborted(changes.raised(), signal);
            if (watched?.failure && failures === 0) throw watched.failure;
            watched = await read();
            failures = 0;
          } catch (error) {
            signal.throwIfAborted();
            if (isFinal(error)) throw error;
            failures += 1;
            await pause(clock, waitMs(error, failures, watch), signal);
          }
        }
      }

      try {
        watched = await read();
      } catch (error) {
        own.abort();
        throw error;
      }
      follow().catch((error: unknown) => {
        if (signal.aborted) return;
        own.abort();
        guarded(onEnd)(error as Error);
      });

      return async () => {
        if (signal.aborted) return;
        const before = shortestIntervalSecs();
        own.abort();
        const isLast = watches.size === 0;
        if (!watched || (!isLast && shortestIntervalSecs() === before)) return;
        const answer = isLast
          ? watched.request('account/rateLimits/unwatch', {})
          : watched.request(watchMethod, { intervalSecs: shortestIntervalSecs() });
        // A server that has ended watches nothing, and one that hangs does not answer.
        await withinMs(
          clock,
          unwatchLimitMs,
          answer.catch(() => undefined),
        );
      };
    },
    note,
    end() {
      const reason = new ConnectionError('closed', 'the client is closed');
      for (const { own } of watches) own.abort(reason);
    },
  };
}

function fail(error: Error): never {
  throw error;
}

function isFinal(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.kind === 'tooManyFailedStarts';
  return error instanceof RequestError && error.method === watchMethod && error.kind !== 'shuttingDown';
}

/** A flag that can be waited for. */
function createFlag(): { raise(): void; lower(): void; raised(): Promise<void> } {
  let isRaised = false;
  let wake = (): void => undefined;
  return {
    raise() {
      isRaised = true;
      wake();
    },
    lower() {
      isRaised = false;
    },
    async raised() {
      if (!isRaised) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}
