import type { CheckedNeeds, Need } from '../../limits/needs/needs.js';
import { waitForNeeds } from '../../limits/needs/wait-for-needs.js';
import type { Clock } from '../../util/clock.js';
import { guarded } from '../callbacks.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';

export interface WaitUntilAllowedOptions {
  /** The parts of limits that have to be left. By default there are none, so only the permission counts. */
  readonly needs?: readonly Need[] | undefined;
  /** Ends the wait. A time limit is `AbortSignal.timeout(ms)`. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each read that does not end the wait, for a countdown. */
  readonly onWait?: ((state: WaitState) => void) | undefined;
}

export interface WaitState {
  /** The limits of the last read and what they mean; undefined before the first read that succeeded. */
  readonly last: AllowedLimits | undefined;
  /** Why the last read failed; undefined if it did not. */
  readonly error: unknown;
  /** When the limits are read again, in Unix milliseconds. */
  readonly nextMs: number;
}

export interface AllowedLimits {
  readonly limits: GetAccountRateLimitsResponse;
  readonly checked: CheckedNeeds;
}

export interface WaitServices {
  /** Reads the limits. A read of another process of at most this age will do. */
  readonly read: (maxAgeMs: number, signal: AbortSignal) => Promise<GetAccountRateLimitsResponse>;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
}

const acceptedAgeMs = 15_000;

/**
 * Waits until use is allowed and every need is met.
 *
 * @throws RangeError if a need names a window that the account does not have; RequestError if the login has to change,
 *   or if the server does not know the method; ConnectionError if no server can be started, or if the client is closed;
 *   the signal's reason
 */
export async function waitUntilAllowed(
  { read, closed, clock, random }: WaitServices,
  { needs = [], signal, onWait = () => undefined }: WaitUntilAllowedOptions,
): Promise<AllowedLimits> {
  const report = guarded(onWait);
  const end = signal ? AbortSignal.any([signal, closed]) : closed;
  const last = await waitForNeeds({
    needs,
    read: () => read(acceptedAgeMs, end),
    passing: passingFailure,
    onWait: ({ last: found, error, nextMs }) =>
      report({ last: found && { limits: found.read, checked: found.checked }, error, nextMs }),
    clock,
    random,
    signal: end,
  });
  const { checked, read: limits } = last;
  if (checked.verdict === 'enough') return { limits, checked };
  const missing = checked.needs.find(({ hasLimit }) => !hasLimit)?.need;
  const mins = missing?.limit === 'window' ? missing.windowDurationMins : 0;
  throw new RangeError(`the account has no window of ${mins} minutes`);
}

/** Decides whether a failed read may succeed later by itself. Undefined if not. */
export function passingFailure(error: unknown): { readonly retryAfterMs: number | undefined } | undefined {
  if (error instanceof ConnectionError) {
    return error.kind === 'serverExited' || error.kind === 'timedOut'
      ? { retryAfterMs: undefined }
      : undefined;
  }
  if (!(error instanceof RequestError) || isFinal(error)) return undefined;
  return { retryAfterMs: error.details.retryAfterMs };
}

/** Returns whether the login or the request has to change. codex names no kind. */
function isFinal({ kind, code }: RequestError): boolean {
  return (
    finalKinds.has(kind) || code === -32601 || code === -32602 || (kind === 'unknown' && code === -32600)
  );
}

const finalKinds: ReadonlySet<string> = new Set([
  'authRequired',
  'unauthorized',
  'authUnsupported',
  'configInvalid',
  'unsupported',
]);
