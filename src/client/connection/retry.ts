import { ConnectionError, RequestError } from './errors.js';
import type { Methods } from '../protocol.js';

/**
 * Whether a request may be sent again. A repeated consume has the key of the first one, so it uses no second credit. A
 * repeated login or e-mail would be a second one.
 */
const isRepeatable: Readonly<Record<keyof Methods, boolean>> = {
  initialize: false,
  'account/read': true,
  getAuthStatus: true,
  'account/rateLimits/read': true,
  'account/rateLimits/watch': true,
  'account/rateLimits/unwatch': true,
  'account/rateLimitResetCredit/consume': true,
  'account/usage/read': true,
  'account/workspaceMessages/read': true,
  'account/sendAddCreditsNudgeEmail': false,
  'account/login/start': false,
  'account/login/cancel': false,
  'account/logout': false,
  'accountSession/list': true,
  'accountSession/switch': false,
  'config/read': true,
};

/** A call after it has failed. */
export interface FailedCall {
  readonly method: keyof Methods;
  readonly error: unknown;
  /** How often it was sent again before. */
  readonly retries: number;
  readonly maxRetries: number;
}

const firstDelayMs = 500;
const longestDelayMs = 5_000;

/**
 * Returns whether a retry may go to another server process. It may use another account, whose credit a consume would
 * use.
 */
export function isSafeOnAnotherServer(method: keyof Methods): boolean {
  return method !== 'account/rateLimitResetCredit/consume';
}

/**
 * Decides how long to wait before a failed request is sent again, unchanged, in milliseconds. Returns undefined if it
 * is not sent again. A time limit or an abort is never retried: the caller chose it.
 *
 * @param random at least 0, below 1
 */
export function retryDelayMs(failed: FailedCall, random: number): number | undefined {
  const { method, error, retries, maxRetries } = failed;
  if (retries >= maxRetries || !isRepeatable[method] || !isPassing(error, method)) return undefined;
  return delayAfterMs(error, retries, random);
}

/** Returns how long to wait after an error that may pass; undefined if its Retry-After is too long to wait for. */
export function delayAfterMs(error: unknown, retries: number, random: number): number | undefined {
  const retryAfterMs = error instanceof RequestError ? error.retryAfterMs : undefined;
  if (retryAfterMs !== undefined) return retryAfterMs <= longestDelayMs ? retryAfterMs : undefined;
  return backOffMs(retries, random);
}

/**
 * Returns a delay that doubles with each retry. Up to half of it is random, so that many clients do not retry at once.
 */
export function backOffMs(retries: number, random: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** retries) * (0.5 + random / 2);
}

/** Returns whether a call has failed for a reason that may pass. */
export function isPassing(error: unknown, method: keyof Methods): boolean {
  if (error instanceof ConnectionError) return error.kind === 'serverExited' && isSafeOnAnotherServer(method);
  if (!(error instanceof RequestError)) return false;
  // Without a Retry-After it is not known how long a retry would have to wait.
  return error.isRetryable && (error.kind !== 'rateLimited' || error.retryAfterMs !== undefined);
}
