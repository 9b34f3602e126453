import type { CallOptions, Method, ParamsOf, ResultOf } from './connection/call.js';
import type { HandleLimits, WatchOptions } from './watch/options.js';
import type { InitializeResponse, Notifications } from './protocol.js';
import type { RedeemOptions, RedeemResult, ResumeOptions } from './redemption/options.js';
import type { Redemption } from './redemption/redemption.js';
import type { ReadBasis } from './redemption/verify.js';
import type { StopTimeouts } from './connection/start-server.js';

/** Params that may all be left out may be left out themselves. */
type CallArguments<M extends Method> =
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- it asks whether no params at all would do
  Record<never, never> extends ParamsOf<M>
    ? [params?: ParamsOf<M>, options?: CallOptions]
    : [params: ParamsOf<M>, options?: CallOptions];

export interface AccountClient {
  /**
   * Calls a method; the server is started for the first one.
   *
   * @throws RequestError when the server answers with an error, ConnectionError when it does not answer
   */
  request<M extends Method>(method: M, ...rest: CallArguments<M>): Promise<ResultOf<M>>;
  /** Calls `handle` for each such notification, also those of a server that was started again; returns how to stop that. */
  onNotification<M extends keyof Notifications>(
    method: M,
    handle: (params: Notifications[M]) => void,
  ): () => void;
  onNotification(method: string, handle: (params: unknown) => void): () => void;
  /**
   * Calls `handle` with the limits as they are, and with what a read says whenever they have changed, over restarts of the
   * server too. Several watches live side by side; the server reads with the shortest of their intervals. Returns how to
   * stop it; `options.onEnd` hears if it ends by itself.
   *
   * @throws what `request` throws, if it cannot begin; `codex` itself knows no watch
   */
  watchRateLimits(handle: HandleLimits, options?: WatchOptions): Promise<() => Promise<void>>;
  /** What the server said of itself; it is started if it is not there. */
  serverInfo(): Promise<InitializeResponse>;
  /**
   * Redeems a credit, or finishes the attempt that is open. Writes it down in CODEX_HOME before it is sent; one at a time
   * for all processes.
   *
   * @throws RedemptionError where it was not made or its outcome is not known; RequestError and ConnectionError where
   *   certainly nothing was redeemed; the signal's reason
   */
  redeem(options?: RedeemOptions): Promise<RedeemResult>;
  /** Finishes the attempt that is open, or looks again whether its windows have moved; null where there is none. */
  resumeRedemption(options?: ResumeOptions): Promise<RedeemResult | null>;
  /** Past and open attempts with this CODEX_HOME, of all accounts, the oldest first. */
  redemptions(): Promise<Redemption[]>;
  /** The last read of the limits, which a redemption is based on unless `basedOn` is given. */
  lastRead(): ReadBasis | undefined;
  /** Closes the server's input and waits for its end, 12 s; then SIGTERM, 2 s; then SIGKILL. No call works any more. */
  close(patience?: Partial<StopTimeouts>): Promise<void>;
}
