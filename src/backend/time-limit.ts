import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';

export interface TimeLimit {
  readonly clock: Clock;
  readonly limitMs: number;
  /** The message of the `timedOut` error. */
  readonly message: string;
  /** Ends the work early, with its own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work`, whose signal is aborted when the time is up or `signal` is aborted. The time covers all of it. */
export async function withTimeLimit<T>(
  { clock, limitMs, message, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(signal?.reason);
  };
  const cancelTimer = clock.after(limitMs, () => {
    controller.abort(new AppError('timedOut', message));
  });
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    cancelTimer();
    signal?.removeEventListener('abort', abort);
  }
}
