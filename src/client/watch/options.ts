import type { AccountServerError } from '../error.js';

export interface WatchOptions {
  /** Ends the watch. The loop ends without an error. */
  readonly signal?: AbortSignal | undefined;
  /** How often the server reads, in milliseconds, at least 15 000 and at most 3 600 000; the default is 60 000. */
  readonly intervalMs?: number | undefined;
  /**
   * Called if a read has failed that will be made again. The problem is over with the next value. Without it, a failure
   * before the first value is thrown by the loop, and later ones are not reported.
   */
  readonly onProblem?: ((problem: WatchProblem) => void) | undefined;
}

/** A read of a watch that has failed. */
export interface WatchProblem {
  readonly error: AccountServerError;
  /** When it is read again, in Unix milliseconds. */
  readonly nextReadAtMs: number;
}
