import type { BackendTimeLimits } from './limits.js';
import { type BackendRequest, type RequestContext, requestJson } from './request.js';
import { withTimeLimit } from './time-limit.js';

export interface TimedRequestContext extends RequestContext {
  readonly timeLimits: BackendTimeLimits;
}

export interface TimedRequest<T> extends BackendRequest<T> {
  readonly limitMs: number;
  /** The message of the `timedOut` error. */
  readonly timeoutMessage: string;
}

/** One request with a time limit over all of it. */
export async function timedRequest<T>(
  context: TimedRequestContext,
  { limitMs, timeoutMessage, ...request }: TimedRequest<T>,
  signal?: AbortSignal,
): Promise<{ value: T; text: string }> {
  const limit = { clock: context.clock, limitMs, message: timeoutMessage, ...(signal && { signal }) };
  return withTimeLimit(limit, (limitedSignal) => requestJson(context, request, limitedSignal));
}
