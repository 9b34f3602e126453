import type { GetAccountRateLimitsResponse } from '../protocol.js';

/** Called with the limits as a read returns them. */
export type HandleLimits = (limits: GetAccountRateLimitsResponse) => void;

export interface WatchOptions {
  /** How often the server reads, in seconds, at least 15 and at most 3600; the default is 60. */
  readonly intervalSecs?: number | undefined;
  /**
   * Called if the watch ends by itself: the server cannot be started again, or refuses to watch. Without it, the error
   * is an uncaught exception of the program.
   */
  readonly onEnd?: ((error: Error) => void) | undefined;
}
