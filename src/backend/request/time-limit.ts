import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';

/** How long the backend and the issuer may take, in milliseconds. Each limit covers all of a request, its body too. */
export interface BackendTimeLimits {
  readonly usageMs: number;
  /** How long the reset credits may take once the usage has arrived. */
  readonly detailsAfterUsageMs: number;
  readonly consumeMs: number;
  readonly profileMs: number;
  readonly threadUsageMs: number;
  readonly workspaceMessagesMs: number;
  readonly creditsNudgeMs: number;
  readonly accountsCheckMs: number;
  readonly tokenRefreshMs: number;
  readonly whoamiMs: number;
  readonly codeExchangeMs: number;
  /** Each request of a device login. */
  readonly deviceCodeMs: number;
  readonly revokeMs: number;
}

export const defaultTimeLimits: BackendTimeLimits = {
  usageMs: 15_000,
  detailsAfterUsageMs: 1_500,
  consumeMs: 10_000,
  profileMs: 10_000,
  threadUsageMs: 60_000,
  workspaceMessagesMs: 1_000,
  creditsNudgeMs: 10_000,
  accountsCheckMs: 15_000,
  tokenRefreshMs: 45_000,
  whoamiMs: 10_000,
  codeExchangeMs: 30_000,
  deviceCodeMs: 20_000,
  revokeMs: 10_000,
};

export interface TimeLimit {
  /** Aborted when the time is up, or with the reason of the signal that the limit was started with. */
  readonly signal: AbortSignal;
  /** Call when the work is done. */
  end(): void;
}

/**
 * Starts the time limit of some work.
 *
 * @param options.message the message of the `timedOut` error
 * @throws the signal's reason if it is already aborted
 */
export function startTimeLimit(options: {
  clock: Clock;
  limitMs: number;
  message: string;
  signal: AbortSignal | undefined;
}): TimeLimit {
  const { clock, limitMs, message, signal } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const cancelTimer = clock.after(limitMs, () => controller.abort(new AppError('timedOut', message)));
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    end() {
      cancelTimer();
      signal?.removeEventListener('abort', abort);
    },
  };
}
