import type { Clock } from '../../util/clock.js';
import { pause, untilAborted } from '../../util/waiting.js';
import type { Call, CallOptions, Method, OnRetry } from './call.js';
import type { Connection } from './connection.js';
import { ConnectionError } from './errors.js';
import { isSafeOnAnotherServer, retryDelayMs } from './retry.js';
import type { ServerLink } from './server-link.js';

export interface CallDefaults {
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly onRetry: OnRetry;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** Calls through the link, within a limit of time, and again where a call has failed in passing. */
export function createCall(link: ServerLink, options: CallDefaults): Call {
  const { clock, random } = options;

  /** Runs `attempt` until it succeeds, fails for good, or the call is given up. */
  async function persist<T>(
    method: Method,
    { maxRetries = options.maxRetries }: CallOptions,
    signal: AbortSignal,
    attempt: () => Promise<T>,
  ): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await attempt();
      } catch (error) {
        const delayMs = retryDelayMs({ method, error, retries, maxRetries }, random());
        if (delayMs === undefined) throw error;
        options.onRetry({ method, count: retries + 1, delayMs, error });
        await pause(clock, delayMs, signal);
      }
    }
  }

  async function withinLimit<T>(
    { signal, timeoutMs = options.timeoutMs }: CallOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timeUp = (): void =>
      limit.abort(new ConnectionError('timedOut', `the server has not answered within ${timeoutMs} ms`));
    const cancelLimit = clock.after(timeoutMs, timeUp);
    try {
      return await work(signal ? AbortSignal.any([signal, limit.signal]) : limit.signal);
    } finally {
      cancelLimit();
    }
  }

  return (method, params, given = {}) => {
    let asked: Connection | undefined;
    return withinLimit(given, (signal) =>
      persist(method, given, signal, async () => {
        // No server is started for a call that is given up.
        signal.throwIfAborted();
        const { connection } = await untilAborted(link.open(), signal);
        asked ??= connection;
        if (connection !== asked && !isSafeOnAnotherServer(method)) {
          throw new ConnectionError('serverExited', 'the server that was asked before has ended');
        }
        return connection.request(method, params, signal);
      }),
    );
  };
}
