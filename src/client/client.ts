import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../util/clock.js';
import { pause, untilAborted } from '../util/waiting.js';
import type { Call, CallOptions, Method, ParamsOf, ResultOf } from './call.js';
import { ConnectionError } from './errors.js';
import { leastVersion } from './handshake.js';
import { ownServerCommand } from './own-server.js';
import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
  ClientInfo,
  InitializeCapabilities,
  InitializeResponse,
  Notifications,
} from './protocol.js';
import { createRedeemer, type RedeemOptions, type RedeemResult, type ResumeOptions } from './redeem.js';
import type { Redemption } from './redemption.js';
import type { BasedOn } from './redemption-verify.js';
import { retryDelayMs } from './retry.js';
import { createServerLink } from './server-link.js';
import type { StopPatience } from './start-server.js';

export interface ClientOptions {
  /** Who is asking: the server tells the backend. */
  readonly clientInfo: Omit<ClientInfo, 'title'> & { readonly title?: string | null };
  readonly capabilities?: Partial<InitializeCapabilities>;
  /** The server, `codex` for example; the one of this package unless given. */
  readonly command?: string;
  /** Its arguments: `app-server` unless given; behind those of our own server. */
  readonly args?: readonly string[];
  /** All of its variables; those of this process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether signals of the terminal, such as that of Ctrl-C, do not reach it; false unless given. */
  readonly isDetached?: boolean;
  /** Where its stderr goes: nowhere unless given. */
  readonly stderr?: 'ignore' | 'inherit';
  /** Time limit of a call, all its attempts included; 30 s unless given. */
  readonly timeoutMs?: number;
  /** How often a call that failed in passing is sent again, the same to the letter; 2 unless given, 0 for never. */
  readonly maxRetries?: number;
  /** The oldest Codex version to accept, 0.149.0 unless given; null accepts any. */
  readonly minimumVersion?: string | null;
  /** Gives new tokens where the client owns them (`account/login/start` of type `chatgptAuthTokens`). */
  readonly refreshTokens?: (
    params: ChatgptAuthTokensRefreshParams,
  ) => Promise<ChatgptAuthTokensRefreshResponse>;
  /** Told of each time that a call is sent again. */
  readonly onRetry?: (retry: { method: Method; count: number; delayMs: number; error: unknown }) => void;
  /** Told when the server has been started anew. What it held in memory alone is gone, tokens of the client too. */
  readonly onRestart?: () => void;
  /** For tests: time and chance. */
  readonly clock?: Clock;
  readonly random?: () => number;
}

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
  /** Calls `handle` for each such notification, also those of a server that was started anew; returns how to stop that. */
  onNotification<M extends keyof Notifications>(
    method: M,
    handle: (params: Notifications[M]) => void,
  ): () => void;
  onNotification(method: string, handle: (params: unknown) => void): () => void;
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
  /** The last look at the limits, which a redemption is based on unless it is told otherwise. */
  lastRead(): BasedOn | undefined;
  /** Closes the server's input and waits for its end, 12 s; then SIGTERM, 2 s; then SIGKILL. No call works any more. */
  close(patience?: Partial<StopPatience>): Promise<void>;
}

const defaultTimeoutMs = 30_000;
const defaultMaxRetries = 2;

/** A client with a server process of its own. */
export function createClient(options: ClientOptions): AccountClient {
  const { clock = systemClock, random = Math.random, refreshTokens } = options;
  const handlers = new Map<string, Set<(params: unknown) => void>>();
  const link = createServerLink({
    ...serverCommand(options),
    environment: options.environment,
    isDetached: options.isDetached,
    stderr: options.stderr ?? 'ignore',
    introduction: {
      clientInfo: { title: null, ...options.clientInfo },
      capabilities: options.capabilities ?? null,
    },
    minimumVersion: options.minimumVersion === undefined ? leastVersion : options.minimumVersion,
    startLimitMs: options.timeoutMs ?? defaultTimeoutMs,
    onRestart: options.onRestart ?? (() => undefined),
    onRequest: refreshTokens && ((_method, params) => refreshTokens(params)),
    onNotification(method, params) {
      for (const handle of handlers.get(method) ?? []) callApart(() => handle(params));
    },
    clock,
  });

  /** Runs `attempt` until it succeeds, fails for good, or the call is given up. */
  async function persist<T>(
    method: Method,
    { maxRetries = options.maxRetries ?? defaultMaxRetries }: CallOptions,
    signal: AbortSignal,
    attempt: () => Promise<T>,
  ): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await attempt();
      } catch (error) {
        const delayMs = retryDelayMs({ method, error, retries, maxRetries }, random());
        if (delayMs === undefined) throw error;
        options.onRetry?.({ method, count: retries + 1, delayMs, error });
        await pause(clock, delayMs, signal);
      }
    }
  }

  async function withinLimit<T>(
    { signal, timeoutMs = options.timeoutMs ?? defaultTimeoutMs }: CallOptions,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timeUp = (): void =>
      limit.abort(new ConnectionError('timedOut', `the server has not answered within ${timeoutMs} ms`));
    // A timer cannot be longer; it would be over at once.
    const cancelLimit = timeoutMs < 2 ** 31 ? clock.after(timeoutMs, timeUp) : () => undefined;
    try {
      return await work(signal ? AbortSignal.any([signal, limit.signal]) : limit.signal);
    } finally {
      cancelLimit();
    }
  }

  const call: Call = (method, params, given = {}) =>
    withinLimit(given, (signal) =>
      persist(method, given, signal, async () => {
        const { connection } = await untilAborted(link.open(), signal);
        return connection.request(method, params, signal);
      }),
    );

  let lastRead: BasedOn | undefined;
  const redeemer = createRedeemer({
    call,
    codexHome: async () => (await link.open()).server.codexHome,
    lastRead: () => lastRead,
    onRead: (read) => {
      lastRead = read;
    },
    clock,
    random,
    newKey: randomUUID,
    searchPath: options.environment?.PATH,
  });

  return {
    async request(method, ...[params = {}, given]) {
      const readAtMs = clock.nowMs();
      const result = await call(method, params, given);
      if ('rateLimits' in result) lastRead = { accountId: result.accountId, readAtMs };
      return result;
    },
    redeem: (given = {}) => redeemer.redeem(given),
    resumeRedemption: (given = {}) => redeemer.resume(given),
    redemptions: () => redeemer.list(),
    lastRead: () => lastRead,
    onNotification(method: string, handle: (params: never) => void) {
      const all = handlers.get(method) ?? new Set();
      handlers.set(method, all.add(handle as (params: unknown) => void));
      return () => void all.delete(handle as (params: unknown) => void);
    },
    serverInfo: async () => (await link.open()).server,
    close: (patience) => link.close(patience),
  };
}

function serverCommand({ command, args }: ClientOptions): { command: string; args: readonly string[] } {
  if (command !== undefined) return { command, args: args ?? ['app-server'] };
  const own = ownServerCommand();
  return { command: own.command, args: [...own.args, ...(args ?? [])] };
}

/** What a handler throws is thrown, but not into the midst of our reading. */
function callApart(call: () => void): void {
  queueMicrotask(call);
}
