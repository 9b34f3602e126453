import { ConnectionError, RequestError } from './errors.js';
import type { Methods } from '../protocol.js';

/**
 * Whether a request may be sent again without being asked for: reads, and a consume, whose key makes the second one
 * the same as the first. A login or an e-mail would be another one.
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
};

export interface FailedCall {
  readonly method: keyof Methods;
  readonly error: unknown;
  /** How many times it was sent again before. */
  readonly retries: number;
  readonly maxRetries: number;
}

const firstDelayMs = 500;
const longestDelayMs = 5_000;

/** What codex answers when too many requests wait: it has not begun this one. */
const overloaded = -32001;

/** Whether another server may be asked, which may have another account: a consume would use a credit of that one. */
export function isSafeOnAnotherServer(method: keyof Methods): boolean {
  return method !== 'account/rateLimitResetCredit/consume';
}

/**
 * How long to wait before a request that has failed is sent again, the same to the letter; undefined where it is not.
 * What the backend refuses for good stays refused, and a time limit or an abort is the caller's own word.
 *
 * @param random at least 0, below 1
 */
export function retryDelayMs(failed: FailedCall, random: number): number | undefined {
  const { method, error, retries, maxRetries } = failed;
  if (retries >= maxRetries || !isRepeatable[method] || !isPassing(error, method)) return undefined;
  const retryAfterMs = error instanceof RequestError ? error.details.retryAfterMs : undefined;
  if (retryAfterMs !== undefined) return retryAfterMs <= longestDelayMs ? retryAfterMs : undefined;
  return backOffMs(retries, random);
}

/** Doubles with each retry, and is spread out, so that many clients do not come back at the same moment. */
export function backOffMs(retries: number, random: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** retries) * (0.5 + random / 2);
}

function isPassing(error: unknown, method: keyof Methods): boolean {
  if (error instanceof ConnectionError) return error.kind === 'serverExited' && isSafeOnAnotherServer(method);
  if (!(error instanceof RequestError)) return false;
  if (error.code === overloaded) return true;
  switch (error.kind) {
    case 'backendUnreachable':
    case 'timedOut':
    case 'shuttingDown':
      return true;
    case 'rateLimited':
      return error.details.retryAfterMs !== undefined;
    case 'backendStatus':
      return (error.details.httpStatus ?? 0) >= 500;
    default:
      return false;
  }
}
