import type { CallOptions, Method, ParamsOf, ResultOf } from './connection/call.js';
import type { WatchOptions } from './watch/options.js';
import type {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
  GetAccountParams,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  InitializeResponse,
  Notifications,
} from './protocol.js';
import type { AbandonOptions, RedeemOptions, RedeemResult, ResumeOptions } from './redemption/options.js';
import type { Redemption } from './record/redemption.js';
import type { ReadBasis } from './redemption/read-basis.js';
import type { StopTimeouts } from './connection/start-server.js';
import type { AllowedLimits, WaitUntilAllowedOptions } from './wait/wait-until-allowed.js';

/** The arguments of a call. `params` may be left out if all of them are optional. */
type CallArguments<M extends Method> =
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- tests whether all params are optional
  Record<never, never> extends ParamsOf<M>
    ? [params?: ParamsOf<M>, options?: CallOptions]
    : [params: ParamsOf<M>, options?: CallOptions];

export interface ReadRateLimitsOptions extends CallOptions {
  /**
   * How old the answer may be, in milliseconds, rounded down to whole seconds. 0: it is read now, and stored for other
   * processes. Without it, it is read now and not stored.
   */
  readonly maxAgeMs?: number | undefined;
}

export type ReadAccountOptions = GetAccountParams & CallOptions;
export type ConsumeOptions = ConsumeAccountRateLimitResetCreditParams & CallOptions;

/** A client of one account server, which runs as a child process. */
export interface AccountClient extends AsyncDisposable {
  /**
   * Calls a method. The first call starts the server.
   *
   * @example
   * const { summary } = await client.request('account/usage/read');
   * console.log(summary.lifetimeTokens);
   * @throws RequestError if the server answers with an error; ConnectionError if it does not answer; the signal's
   *   reason
   */
  request<M extends Method>(method: M, ...rest: CallArguments<M>): Promise<ResultOf<M>>;
  /**
   * Reads the limits, or returns a read of another process with this login of at most `maxAgeMs`. The answer then has
   * `readAt`; without it, the server has no stored reads and has read just now.
   *
   * @example
   * const limits = await client.readRateLimits({ maxAgeMs: 60_000 });
   * console.log(usagePermission(limits).permission);
   * @throws as `request` does; RangeError if `maxAgeMs` is negative
   */
  readRateLimits(options?: ReadRateLimitsOptions): Promise<GetAccountRateLimitsResponse>;
  /**
   * Reads which account is signed in. `account` of the answer is null if there is none.
   *
   * @example
   * const { account } = await client.readAccount();
   * if (account?.type === 'chatgpt') console.log(account.planType);
   * @throws as `request` does
   */
  readAccount(options?: ReadAccountOptions): Promise<GetAccountResponse>;
  /**
   * Sends one consume with your own key, without a journal. If its outcome is unknown, send it again with the same key.
   * `redeem` does that by itself.
   *
   * @example
   * const idempotencyKey = crypto.randomUUID(); // Save it before you send it.
   * const { outcome } = await client.consumeResetCredit({ idempotencyKey });
   * console.log(outcome);
   * @throws as `request` does
   */
  consumeResetCredit(options: ConsumeOptions): Promise<ConsumeAccountRateLimitResetCreditResponse>;
  /**
   * Calls `handle` for each notification of a method, after a restart of the server too. Returns a function that
   * removes it.
   *
   * @example
   * const stop = client.onNotification('account/updated', ({ planType }) => console.log(planType));
   * stop();
   */
  onNotification<M extends keyof Notifications>(
    method: M,
    handle: (params: Notifications[M]) => void,
  ): () => void;
  /**
   * Watches the limits. The loop gets them as a read returns them: at once, and again after each change. If it is slower
   * than the changes, it gets only the newest value. The watch continues after a restart of the server. Several watches
   * may run side by side; the server then reads with the shortest of their intervals.
   *
   * The watch begins with the first value that is taken. It ends with the loop, with the signal, and with `close`. The
   * loop throws if the watch cannot begin or cannot continue; `onProblem` is called for failures that may pass.
   *
   * @example
   * for await (const limits of client.watchRateLimits({ intervalMs: 60_000 })) {
   *   const { permission } = usagePermission(limits);
   *   console.log(permission);
   *   if (permission === 'allowed') break;
   * }
   * @throws as `request` does. `codex app-server` has no watch
   */
  watchRateLimits(options?: WatchOptions): AsyncIterableIterator<GetAccountRateLimitsResponse>;
  /**
   * Waits until use is allowed and enough is left, for hours if need be. Sleeps until the limits are expected to reset,
   * and reads at most once in 15 s. After a sleep of the machine it looks again within a minute.
   *
   * @example
   * const { checked } = await client.waitUntilAllowed({ needs: [{ limit: 'tightest', leftPercent: 15 }] });
   * console.log(checked.verdict);
   * @throws RangeError if a need names a window that the account does not have; RequestError if the login has to
   *   change; ConnectionError if no server can be started, or if the client is closed; the signal's reason
   */
  waitUntilAllowed(options?: WaitUntilAllowedOptions): Promise<AllowedLimits>;
  /**
   * Returns the server's answer to `initialize`. Starts the server if it does not run.
   *
   * @example
   * const { codexHome } = await client.serverInfo();
   * console.log(codexHome);
   */
  serverInfo(): Promise<InitializeResponse>;
  /**
   * Redeems a credit, or finishes the open attempt. Records the attempt in CODEX_HOME before it is sent. Only one runs
   * at a time, across all processes. See "Safe redemption" in src/client/README.md.
   *
   * @example
   * const { redemption, limits } = await client.redeem();
   * console.log(redemption.state, limits?.rateLimitResetCredits?.availableCount);
   * @throws RedemptionError if no redemption was made or its outcome is unknown; RequestError or ConnectionError if
   *   this call has certainly redeemed nothing: an earlier attempt may still be open, in the state `sending` or `unclear`
   *   of `redemptions()`; the signal's reason
   */
  redeem(options?: RedeemOptions): Promise<RedeemResult>;
  /**
   * Finishes the open attempt, or reads whether its windows have moved. Returns null if there is nothing to do.
   *
   * @example
   * const resumed = await client.resumeRedemption();
   * console.log(resumed?.redemption.state ?? 'nothing was open');
   * @throws as `redeem` does; RedemptionError `outcomeUnknown` if an attempt stays open, also if the account cannot be read
   */
  resumeRedemption(options?: ResumeOptions): Promise<RedeemResult | null>;
  /**
   * Gives up the open attempt of the signed-in account, whose outcome then stays unknown. Possible after 15 minutes if a
   * read shows that it has used no credit, and after four hours in any case. Waits until a minute has passed since its
   * last request. Returns the attempt, or null if none is open.
   *
   * @example
   * await client.abandonRedemption({ reason: 'the backend refuses the key' });
   * @throws RedemptionError `notAbandonable`, or as `redeem` does; TypeError if `reason` is empty or too long
   */
  abandonRedemption(options: AbandonOptions): Promise<RedeemResult | null>;
  /**
   * Lists all attempts with this CODEX_HOME, of all accounts, the oldest first.
   *
   * @example
   * for (const { state, startedAtMs } of await client.redemptions()) console.log(state, new Date(startedAtMs));
   */
  redemptions(): Promise<Redemption[]>;
  /**
   * Returns the last read of the limits by this client, which is the default of `basedOn`. A read that accepts an older
   * answer does not count.
   *
   * @example
   * await client.readRateLimits();
   * const basedOn = client.lastRead(); // Save it, if the program may be started twice.
   * await client.redeem({ basedOn, verifyForMs: 0 });
   */
  lastRead(): ReadBasis | undefined;
  /**
   * Closes the server's input and waits 12 s for it to exit, then sends SIGTERM, waits 2 s, and sends SIGKILL. Later
   * calls fail with `closed`. `await using` does this at the end of a block.
   *
   * @example
   * await client.close({ graceMs: 1_000 });
   */
  close(timeouts?: Partial<StopTimeouts>): Promise<void>;
}
