import type { Readable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { withinMs } from '../util/waiting.js';
import type { PendingRequests } from './requests/pending-requests.js';

/** The shutdown of a server (D7). */
export interface Shutdown {
  /** Resolves once reading has ended and every request is answered, or the responses cannot be written. */
  readonly closed: Promise<void>;
  /** Stops reading. Finishes and answers the requests that were read, for at most 30 s. */
  readonly drain: () => void;
  /** Stops reading and answers every request at once, except a consume that was sent: that one is finished. */
  readonly abort: () => void;
  /** Call when the input has ended. */
  readonly inputEnded: () => void;
}

const drainMs = 30_000;

/** The time for a token refresh that no request waits for. If the process ended first, the new tokens would be lost. */
const lastRefreshMs = 30_000;

/** The time for writing the last responses after an abort. */
const lastWritesMs = 500;

export function createShutdown(options: {
  input: Readable;
  pending: PendingRequests;
  clock: Clock;
  log: Log;
  /** Called when reading has ended. */
  onEnding: () => void;
  /** Called when everything is aborted. */
  onAbort?: () => void;
  /** Resolves when no token refresh or login is being saved. */
  whenIdle: () => Promise<void>;
}): Shutdown {
  const { input, pending, clock, log, onEnding, onAbort, whenIdle } = options;
  const ending = createDeferred();
  const ended = createDeferred();
  const aborted = createDeferred();

  const abort = (): void => {
    input.destroy();
    pending.abort(new AppError('shuttingDown', 'server is shutting down'));
    ending.resolve();
    aborted.resolve();
    onAbort?.();
  };

  async function close(): Promise<void> {
    await ending.promise;
    onEnding();
    log.info('reading has ended; finishing what was read');
    const cancelDrain = clock.after(drainMs, abort);
    const everythingAnswered = ended.promise.then(() => pending.whenEmpty());
    await Promise.race([everythingAnswered, aborted.promise]);
    cancelDrain();
    // A sent consume has its own time limit.
    await pending.whenSettled();
    await withinMs(clock, lastWritesMs, everythingAnswered);
    await withinMs(clock, lastRefreshMs, whenIdle());
    log.info('closed');
  }

  return {
    closed: close(),
    drain: () => {
      input.destroy();
      ending.resolve();
    },
    abort,
    inputEnded: () => {
      ending.resolve();
      ended.resolve();
    },
  };
}
