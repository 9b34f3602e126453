import type { Readable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import { createDeferred } from '../util/deferred.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import { withinMs } from '../util/waiting.js';
import type { PendingRequests } from './pending-requests.js';

/** How a server ends; D7. */
export interface Shutdown {
  /** Resolves once reading has ended and every request that was read is answered, or nobody takes the answers. */
  readonly closed: Promise<void>;
  /** Reads no further; what was read is carried out and answered, for at most 30 s. */
  readonly drain: () => void;
  /** Reads no further and answers everything at once, but for a consume that was sent: it is waited for. */
  readonly abort: () => void;
  /** There is nothing more to read. */
  readonly inputEnded: () => void;
}

const drainMs = 30_000;

/** How long a token refresh may take that nobody waits for any more: broken off, it would cost the login. */
const lastRefreshMs = 30_000;

/** How long answers may take to be written once everything is given up. */
const lastWritesMs = 500;

export function createShutdown(options: {
  input: Readable;
  pending: PendingRequests;
  clock: Clock;
  log: Log;
  /** Called once nothing more is read. */
  onEnding: () => void;
  /** Resolves when nothing is under way that must not be broken off. */
  whenIdle: () => Promise<void>;
}): Shutdown {
  const { input, pending, clock, log, onEnding, whenIdle } = options;
  const ending = createDeferred();
  const ended = createDeferred();
  const aborted = createDeferred();

  const abort = (): void => {
    input.destroy();
    pending.abort(new AppError('shuttingDown', 'server is shutting down'));
    ending.resolve();
    aborted.resolve();
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
