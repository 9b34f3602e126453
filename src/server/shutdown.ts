import type { Readable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import type { PendingRequests } from './pending-requests.js';

/** How a server ends; D7. */
export interface Shutdown {
  /** Resolves once reading has ended and every request that was read is answered. */
  readonly closed: Promise<void>;
  /** Reads no further; what was read is carried out and answered, for at most 30 s. */
  readonly drain: () => void;
  /** Reads no further and answers everything at once, but for a consume that was sent: it is waited for. */
  readonly abort: () => void;
  /** The input has ended by itself. */
  readonly inputEnded: () => void;
}

const drainMs = 30_000;

export function createShutdown(options: {
  input: Readable;
  pending: PendingRequests;
  clock: Clock;
  log: Log;
}): Shutdown {
  const { input, pending, clock, log } = options;
  let inputEnded = (): void => undefined;
  const hasEnded = new Promise<void>((resolve) => {
    inputEnded = resolve;
  });

  const abort = (): void => {
    input.destroy();
    pending.abort(new AppError('shuttingDown', 'server is shutting down'));
  };

  async function close(): Promise<void> {
    await hasEnded;
    log.info('the input has ended; finishing what was read');
    const cancelTimer = clock.after(drainMs, abort);
    await pending.whenEmpty();
    cancelTimer();
    log.info('everything is answered');
  }

  return {
    closed: close(),
    drain: () => {
      input.destroy();
    },
    abort,
    inputEnded,
  };
}
