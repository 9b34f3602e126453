import { type Signal, anySignal } from '../util/abort.js';
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

export interface TimedRequest<T> extends BackendRequest<T> {
  readonly authorization: Authorization;
  readonly limitMs: number;
  /** The message of the `timedOut` error. */
  readonly timeoutMessage: string;
  /** Told of every attempt that failed, the last one too. */
  readonly onFailedAttempt?: (error: AppError) => void;
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
export async function timedRequest<T>(
  context: TimedRequestContext,
  request: TimedRequest<T>,
  signal?: Signal,
): Promise<TimedReply<T>> {
  const { clock } = context;
  const { limitMs, timeoutMessage } = request;
  const limit = { clock, limitMs, message: timeoutMessage, signal };
  return withTimeLimit(limit, async (limitedSignal) => {
    const { identity } = request.authorization;
    const span = { startMs: clock.nowMs(), signal: limitedSignal };
    try {
      return await attempts(context, request, { ...span, identity });
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      // When the time is up the refusal is the answer; the login is renewed all the same.
      const renewal = untilAborted(request.authorization.renew(), limitedSignal);
      const renewed = await renewal.catch(() => undefined);
      signal?.throwIfAborted();
      if (!renewed || request.sendUnlessAborted?.aborted) throw error;
      return attempts(context, request, { ...span, identity: renewed }).catch((second: unknown) => {
        throw isUnauthorized(second) ? error : second;
      });
    }
  });
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unauthorized';
}

async function attempts<T>(
  context: TimedRequestContext,
  request: TimedRequest<T>,
  { identity, startMs, signal }: { identity: BackendIdentity; startMs: number; signal: Signal },
): Promise<TimedReply<T>> {
  const { clock } = context;
  const { limitMs, onFailedAttempt, sendUnlessAborted } = request;
  const ownPause = request.repeatability === 'read' ? await pauseOf(context, request, identity) : undefined;
  // Not before each attempt: a further one has waited out what it was told itself.
  ownPause?.refuse();
  const waitSignal = sendUnlessAborted ? anySignal([signal, sendUnlessAborted]) : signal;
  for (let count = 1; ; count += 1) {
    try {
      const { value, text } = await requestJson(context, request, identity, signal);
      return { value, text, identity };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      onFailedAttempt?.(error);
      ownPause?.note(error);
      const delayMs = retryDelayMs({
        repeatability: request.repeatability,
        count,
        failure: failureOf(error),
        elapsedMs: clock.nowMs() - startMs,
        windowMs: request.repeatability === 'read' ? Math.min(readRetryWindowMs, limitMs) : limitMs,
        random: context.random(),
      });
      if (delayMs === null) throw error;
      await pause(clock, delayMs, waitSignal);
    }
  }
}

/** The pause that the backend may have asked for. Reads keep to it; what changes something goes out all the same. */
async function pauseOf(
  { pauses, baseUrl, target }: TimedRequestContext,
  { endpoint }: BackendRequest<unknown>,
  identity: BackendIdentity,
): Promise<{ refuse(): void; note(error: AppError): void }> {
  const url = target(await baseUrl(), endpoint).text;
  return {
    refuse: () => {
      pauses.refuseDuring(url, identity);
    },
    note: (error) => {
      pauses.note(url, identity, error);
    },
  };
}

function failureOf(error: AppError): FailedAttempt['failure'] {
  const { httpStatus: status, retryAfterMs } = error.details;
  if (wasRefusedOrLost(error)) return { kind: 'connection' };
  if (status === undefined || error.kind === 'badReply') return { kind: 'other' };
  return { kind: 'status', status, retryAfterMs };
}
