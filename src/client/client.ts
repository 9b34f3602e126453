import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { systemClock } from '../util/clock.js';
import type { AccountClient } from './account-client.js';
import type { Call, CallOptions } from './connection/call.js';
import type { GetAccountRateLimitsParams } from './protocol.js';
import { guarded } from './callbacks.js';
import type { ClientOptions } from './client-options.js';
import { createCall } from './connection/create-call.js';
import type { ConnectionOptions } from './connection/connection.js';
import { defaultMinimumVersion } from './connection/handshake.js';
import { ConnectionError } from './connection/errors.js';
import { createWatches } from './watch/watches.js';
import { waitUntilAllowed } from './wait/wait-until-allowed.js';
import { ownServerProgram, type ServerProgram } from './connection/own-server.js';
import type { Permit } from './redemption/context.js';
import { createRedeemer } from './redemption/redeem.js';
import { type ReadBasis, readWithBasis } from './redemption/read-basis.js';
import { createServerLink } from './connection/server-link.js';

/**
 * Creates a client, which starts its own server process with the first call. Never throws: a server that cannot be
 * started is the error of the first call.
 *
 * @example
 * await using client = createClient({ clientInfo: { name: 'my-program', version: '1.0.0' } });
 * const { rateLimits } = await client.readRateLimits();
 * console.log(rateLimits.primary?.usedPercent);
 */
export function createClient(options: ClientOptions): AccountClient {
  return createObservedClient(options);
}

/** Observers of the server process, for the command line. The library does not export them. */
export interface ServerObservers extends Pick<ConnectionOptions, 'onLine'> {
  /** Called after a server that had answered `initialize` has exited. */
  readonly onServerExit?: () => void;
  /** Called before each attempt to redeem. */
  readonly permit?: Permit | undefined;
}

export function createObservedClient(
  options: ClientOptions,
  { onLine, onServerExit = () => undefined, permit }: ServerObservers = {},
): AccountClient {
  const { clock = systemClock, random = Math.random, refreshTokens } = options;
  // eslint-disable-next-line no-restricted-properties -- a library uses the environment of its program, as spawn does
  const { env = process.env } = options;
  const { timeoutMs = 30_000, maxRetries = 2 } = options;
  const onRetry = guarded(options.onRetry ?? ignore);
  const handlers = new Map<string, Set<(params: unknown) => void>>();
  const link = createServerLink({
    program: () => programOf(options),
    env,
    cwd: options.cwd,
    stderr: options.stderr ?? 'ignore',
    onWarning: guarded(options.onWarning ?? emitWarning),
    detached: options.detached,
    initializeParams: {
      clientInfo: { ...options.clientInfo, title: options.clientInfo.title ?? null },
      capabilities: options.capabilities ?? null,
    },
    minimumVersion: options.minimumVersion === undefined ? defaultMinimumVersion : options.minimumVersion,
    startLimitMs: timeoutMs,
    onRestart: guarded(options.onRestart ?? ignore),
    onExit: onServerExit,
    onLine,
    onRequest: refreshTokens && ((_method, params) => refreshTokens(params)),
    onNotification(method, params) {
      for (const handle of [...(handlers.get(method) ?? [])]) handle(params);
    },
    clock,
  });

  const plainCall = createCall(link, { timeoutMs, maxRetries, onRetry, clock, random });
  /** Calls a method, and reports each read to the watches. */
  const call: Call = async (method, params, given) => {
    const result = await plainCall(method, params, given);
    if ('rateLimits' in result) watches.noteRead(result);
    return result;
  };
  let lastRead: ReadBasis | undefined;
  const redeemer = createRedeemer({
    call,
    open: () => link.open(),
    lastRead: () => lastRead,
    onRead: (read) => {
      lastRead = read;
    },
    clock,
    random,
    newKey: randomUUID,
    searchPath: env.PATH,
    serverFolder: options.serverPath ? dirname(resolve(options.serverPath)) : undefined,
    maxRetries,
    onRetry,
    permit,
    isOwnServer: options.command === undefined,
  });

  const onNotification: AccountClient['onNotification'] = (method, handle) => {
    const all = handlers.get(method) ?? new Set();
    const handler = guarded(handle as (params: unknown) => void);
    handlers.set(method, all.add(handler));
    return () => void all.delete(handler);
  };

  /** Wraps a call, so that each read becomes the client's last read. */
  const rememberingReads =
    (wrapped: Call): Call =>
    async (method, params, given) => {
      if (method !== 'account/rateLimits/read') return wrapped(method, params, given);
      const readParams = params as GetAccountRateLimitsParams;
      // It may be older than a redemption, so no redemption is based on it.
      if ((readParams.maxAgeSecs ?? 0) > 0) return wrapped(method, params, given);
      const { limits, basis } = await readWithBasis(wrapped, clock, readParams, given);
      lastRead = basis;
      return limits;
    };
  const request = rememberingReads(call);
  const watches = createWatches({
    open: () => link.open(),
    call: rememberingReads(plainCall),
    onUpdate: (handle) => onNotification('account/rateLimits/updated', handle),
    onFailure: (handle) => onNotification('account/rateLimits/watchFailed', handle),
    clock,
    random,
  });

  const closing = new AbortController();
  const waitServices = {
    read: (maxAgeMs: number, signal: AbortSignal) =>
      request('account/rateLimits/read', { maxAgeSecs: wholeSeconds(maxAgeMs) }, { signal }),
    closed: closing.signal,
    clock,
    random,
  };

  const close: AccountClient['close'] = (timeouts) => {
    closing.abort(new ConnectionError('closed', 'the client was closed'));
    watches.endAll();
    return link.close(timeouts);
  };

  return {
    request: (method, ...[params = {}, given]) => request(method, params, given),
    readRateLimits: async ({ maxAgeMs, ...given } = {}) =>
      request(
        'account/rateLimits/read',
        maxAgeMs === undefined ? {} : { maxAgeSecs: wholeSeconds(maxAgeMs) },
        given,
      ),
    readAccount: async (given = {}) => request('account/read', ...divided(given)),
    consumeResetCredit: async (given) => request('account/rateLimitResetCredit/consume', ...divided(given)),
    redeem: (given = {}) => redeemer.redeem(given),
    resumeRedemption: (given = {}) => redeemer.resume(given),
    abandonRedemption: (given) => redeemer.abandon(given),
    redemptions: () => redeemer.list(),
    lastRead: () => lastRead,
    onNotification,
    watchRateLimits: (given = {}) => watches.values(given),
    waitUntilAllowed: (given = {}) => waitUntilAllowed(waitServices, given),
    serverInfo: async () => (await link.open()).server,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function programOf({ command, args, serverPath }: ClientOptions): ServerProgram {
  if (command !== undefined) return { command, args: args ?? ['app-server'] };
  const own = ownServerProgram(serverPath);
  return { ...own, args: [...own.args, ...(args ?? [])] };
}

/** Separates the parameters of a method from the options of its call. */
function divided<Given extends CallOptions>({
  signal,
  timeoutMs,
  maxRetries,
  ...params
}: Given): [params: Omit<Given, keyof CallOptions>, options: CallOptions] {
  return [params, { signal, timeoutMs, maxRetries }];
}

/** Rounds down, so that no answer is older than its caller accepts. @throws RangeError for a value that is not an age */
function wholeSeconds(maxAgeMs: number): number {
  if (maxAgeMs >= 0) return Math.min(Math.floor(maxAgeMs / 1000), Number.MAX_SAFE_INTEGER);
  throw new RangeError(`maxAgeMs must be 0 or more, not ${maxAgeMs}`);
}

function emitWarning(warning: string): void {
  process.emitWarning(warning, 'CodexAccountServerWarning');
}

function ignore(): void {
  // The default of optional callbacks.
}
