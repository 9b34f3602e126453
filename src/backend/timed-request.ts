import { AppError } from '../util/errors.js';
import { pause, untilAborted } from '../util/waiting.js';
import { wasRefusedOrLost } from './connection-failure.js';
import type { Authorization, BackendIdentity } from './identity.js';
import type { BackendTimeLimits } from './limits.js';
import type { Pauses } from './pause.js';
import { type BackendRequest, type RequestContext, requestJson } from './request.js';
import { type FailedAttempt, retryDelayMs } from './retry.js';
import { withTimeLimit } from './time-limit.js';

export interface TimedRequestContext extends RequestContext {
  readonly timeLimits: BackendTimeLimits;
  readonly pauses: Pauses;
  /** Spreads repeated requests: at least 0, below 1. */
  readonly random: () => number;
}

export interface RepeatableRequest<T> extends BackendRequest<T> {
  readonly authorization: Authorization;
  readonly limitMs: number;
  /** Told of every attempt that failed, the last one too. */
  readonly onFailedAttempt?: (error: AppError) => void;
}

export interface TimedRequest<T> extends RepeatableRequest<T> {
  /** The message of the `timedOut` error. */
  readonly timeoutMessage: string;
}

/** Reads are repeated only while the caller would hardly notice. */
const readRetryWindowMs = 2_000;

export interface TimedReply<T> {
  readonly value: T;
  readonly text: string;
  /** Whom the backend answered: not the first one asked as, where that was renewed. */
  readonly identity: BackendIdentity;
}

/** One request with a time limit over all its attempts and the pauses between them. */
export function timedRequest<T>(
  context: TimedRequestContext,
  request: TimedRequest<T>,
  signal?: AbortSignal,
): Promise<TimedReply<T>> {
  const { limitMs, timeoutMessage: message } = request;
  return withTimeLimit({ clock: context.clock, limitMs, message, signal }, (limited) =>
    repeatedRequest(context, request, limited, signal),
  );
}

/**
 * One request, repeated after what passes, and with a renewed login where the first one is refused.
 *
 * @param limited aborted when the time is up, or nobody wants it any more
 * @param wanted aborted only when nobody wants it any more
 */
export async function repeatedRequest<T>(
  context: TimedRequestContext,
  request: RepeatableRequest<T>,
  limited: AbortSignal,
  wanted: AbortSignal | undefined,
): Promise<TimedReply<T>> {
  const { authorization, sendUnlessAborted } = request;
  const startMs = context.clock.nowMs();
  try {
    return await attempts(context, request, authorization.identity, startMs, limited);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    // When the time is up the refusal is the answer; the login is renewed all the same.
    const renewed = await untilAborted(authorization.renew(), limited).catch(() => undefined);
    wanted?.throwIfAborted();
    if (!renewed || sendUnlessAborted?.aborted) throw error;
    return attempts(context, request, renewed, startMs, limited).catch((second: unknown) => {
      throw isUnauthorized(second) ? error : second;
    });
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unauthorized';
}

async function attempts<T>(
  context: TimedRequestContext,
  request: RepeatableRequest<T>,
  identity: BackendIdentity,
  startMs: number,
  signal: AbortSignal,
): Promise<TimedReply<T>> {
  const { clock, pauses, target } = context;
  const { repeatability, limitMs, onFailedAttempt, sendUnlessAborted } = request;
  const isRead = repeatability === 'read';
  const url = target(request.authorization.baseUrl, request.endpoint);
  // The pause that the backend may have asked for: what changes something goes out all the same. Not before each
  // attempt: a further one has waited out what it was told itself.
  if (isRead) pauses.refuseDuring(url.text, identity);
  for (let count = 1; ; count += 1) {
    try {
      const { value, text } = await requestJson(context, request, url, identity, signal);
      return { value, text, identity };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      onFailedAttempt?.(error);
      if (isRead) pauses.note(url.text, identity, error);
      const delayMs = retryDelayMs({
        repeatability,
        count,
        failure: failureOf(error),
        elapsedMs: clock.nowMs() - startMs,
        windowMs: isRead ? Math.min(readRetryWindowMs, limitMs) : limitMs,
        random: context.random(),
      });
      if (delayMs === null) throw error;
      await pause(clock, delayMs, sendUnlessAborted ? AbortSignal.any([signal, sendUnlessAborted]) : signal);
    }
  }
}

function failureOf(error: AppError): FailedAttempt['failure'] {
  const { httpStatus: status, retryAfterMs } = error.details;
  if (wasRefusedOrLost(error)) return { kind: 'connection' };
  if (status === undefined || error.kind === 'badReply') return { kind: 'other' };
  return { kind: 'status', status, retryAfterMs };
}
