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

/** Creates the function that calls methods: within a time limit, and again if a call fails for a passing reason. */
export function createCall(link: ServerLink, options: CallDefaults): Call {
  const { clock, random } = options;

  /** Runs `attempt` again while `retryDelayMs` allows it. */
  async function withRetries<T>(
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
    const timeUp = (): void => {
      const message = `the server did not answer within ${timeoutMs} ms`;
      limit.abort(new ConnectionError('timedOut', message, { stderrTail: link.stderrTail() }));
    };
    const cancelLimit = clock.after(timeoutMs, timeUp);
    try {
      return await work(signal ? AbortSignal.any([signal, limit.signal]) : limit.signal);
    } finally {
      cancelLimit();
    }
  }

  return (method, params, given = {}) => {
    let first: Connection | undefined;
    return withinLimit(given, (signal) =>
      withRetries(method, given, signal, async () => {
        // An aborted call starts no server.
        signal.throwIfAborted();
        const mayMove = first === undefined || isSafeOnAnotherServer(method);
        const server = await untilAborted(link.open(), signal).catch((cause: unknown) => {
          throw mayMove ? cause : exitOf(first, cause);
        });
        const { connection } = server;
        first ??= connection;
        if (connection !== first && !mayMove) throw exitOf(first);
        given.onSend?.(server);
        return connection.request(method, params, signal);
      }),
    );
  };
}

/**
 * Returns the error of a call whose server has exited. The request may have been carried out, so it is not sent to
 * another server, and no start of one is the error.
 */
function exitOf(first: Connection | undefined, cause?: unknown): ConnectionError {
  const message = 'the server that the request was sent to has exited';
  return new ConnectionError('serverExited', message, { cause, stderrTail: first?.stderrTail() ?? '' });
}
