import { mergeRateLimits } from '../limits/merge.js';
import type { Clock } from '../util/clock.js';
import { pause, untilAborted, withinMs } from '../util/waiting.js';
import type { Call } from './call.js';
import type { Connection } from './connection.js';
import type { GetAccountRateLimitsResponse, Notifications } from './protocol.js';
import { backOffMs } from './retry.js';

export interface WatchOptions {
  /** How often the server reads at most; 60 unless given. It brings it within 15 and 3600. */
  readonly intervalSecs?: number | undefined;
}

export type HandleLimits = (limits: GetAccountRateLimitsResponse) => void;

export interface LimitsWatch {
  start(handle: HandleLimits, options: WatchOptions): Promise<() => Promise<void>>;
  /** Forgets the watch; the server is about to end. */
  end(): void;
}

/** How long to wait for the server to say that it watches no more. */
const unwatchLimitMs = 1_000;

const updated = 'account/rateLimits/updated';

/** Has the server watch the limits, one watch at a time, and begins anew with each new server. */
export function createLimitsWatch(options: {
  open: () => Promise<{ readonly connection: Connection }>;
  call: Call;
  onUpdate: (method: typeof updated, handle: (update: Notifications[typeof updated]) => void) => () => void;
  clock: Clock;
  random: () => number;
}): LimitsWatch {
  const { open, call, clock, random } = options;
  let current = new AbortController();

  return {
    async start(handle, { intervalSecs = 60 }) {
      current.abort();
      const own = new AbortController();
      const { signal } = own;
      current = own;
      let limits: GetAccountRateLimitsResponse | undefined;
      const stopHearing = options.onUpdate(updated, (update) => {
        if (limits === undefined) return;
        limits = mergeRateLimits(limits, update);
        handle(limits);
      });
      signal.addEventListener('abort', stopHearing);

      async function begin(): Promise<Connection> {
        const { connection } = await untilAborted(open(), signal);
        // The server tells what differs from this.
        limits = await call('account/rateLimits/read', {}, { signal });
        // Before the watch, whose news may come with its answer.
        handle(limits);
        await call('account/rateLimits/watch', { intervalSecs }, { signal });
        return connection;
      }

      async function beginAgain(): Promise<Connection> {
        for (let failures = 0; ; failures += 1) {
          await pause(clock, backOffMs(failures, random()), signal);
          const connection = await begin().catch(() => undefined);
          if (connection) return connection;
        }
      }

      let connection = await begin().catch((error: unknown) => {
        own.abort();
        throw error;
      });
      async function follow(): Promise<never> {
        for (;;) {
          await untilAborted(connection.exited, signal);
          connection = await beginAgain();
        }
      }
      // It ends by its signal alone.
      void follow().catch(() => undefined);

      return async () => {
        if (signal.aborted) return;
        own.abort();
        // A server that is gone watches nothing, and of one that hangs nobody hears.
        const answer = connection.request('account/rateLimits/unwatch', {}).catch(() => undefined);
        await withinMs(clock, unwatchLimitMs, answer);
      };
    },
    end: () => current.abort(),
  };
}
