import { boundedRetryAfterMs } from '../../limits/pace.js';
import type { Clock } from '../../util/clock.js';
import { amendedError, type AppError } from '../../util/errors.js';
import { wasRefusedOrLost } from '../http/connection-failure.js';
import type { BackendIdentity } from './identity.js';

/** The kind of request, for retries: a read, a change with an idempotency key, or a change without one. */
export type Repeatability = 'read' | 'keyed' | 'never';

export interface FailedAttempt {
  readonly repeatability: Repeatability;
  /** How many attempts were made, this one included. */
  readonly count: number;
  readonly failure:
    | { readonly kind: 'connection' }
    | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | undefined }
    | { readonly kind: 'other' };
  /** Since the first attempt began. */
  readonly elapsedMs: number;
  /** The time within which the next attempt must begin. */
  readonly windowMs: number;
  /** At least 0, below 1. */
  readonly random: number;
}

const maxAttempts = 3;
const firstDelayMs = 100;

/** Reads are repeated only while the caller would hardly notice. */
const readRetryWindowMs = 2_000;

/**
 * Decides how long to wait before a request is sent again, in milliseconds; null: it is not sent again (D13).
 *
 * - A keyed change is repeated with the key it was first sent with: the backend may already have acted on it although
 *   no answer came back, and then says so. A change without a key is never repeated.
 * - After a refused or lost connection, 502, 503 and 504 it is repeated. The delay doubles, with jitter, so that
 *   clients do not all come back at the same moment.
 * - After a 429 it is repeated only if there is a Retry-After that fits into the window. No attempt comes before a
 *   Retry-After has passed.
 * - After anything else it is not: the next attempt would fail in the same way.
 */
export function retryDelayMs(attempt: FailedAttempt): number | null {
  const { repeatability, count, failure, elapsedMs, windowMs, random } = attempt;
  if (repeatability === 'never' || count >= maxAttempts || failure.kind === 'other') return null;
  const retryAfterMs = failure.kind === 'status' ? failure.retryAfterMs : undefined;
  if (failure.kind === 'status' && !isPassing(failure.status, retryAfterMs)) return null;
  const backoffMs = firstDelayMs * 2 ** (count - 1) * (0.5 + random / 2);
  const delayMs = Math.max(backoffMs, retryAfterMs ?? 0);
  return elapsedMs + delayMs < windowMs ? delayMs : null;
}

function isPassing(status: number, retryAfterMs: number | undefined): boolean {
  return [502, 503, 504].includes(status) || (status === 429 && retryAfterMs !== undefined);
}

/** Returns the `windowMs` of a request; a change may use all of its time limit. */
export function retryWindowMs(repeatability: Repeatability, limitMs = Infinity): number {
  return repeatability === 'read' ? Math.min(readRetryWindowMs, limitMs) : limitMs;
}

/** Returns the `failure` of an error. */
export function failureOf(error: AppError): FailedAttempt['failure'] {
  const { httpStatus: status, retryAfterMs } = error.details;
  if (wasRefusedOrLost(error)) return { kind: 'connection' };
  if (status === undefined || error.kind === 'badReply') return { kind: 'other' };
  return { kind: 'status', status, retryAfterMs };
}

/**
 * Reads a Retry-After header: seconds, or an HTTP date. Returns how long to wait, in milliseconds, at most a quarter of
 * an hour; undefined if it is neither.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return boundedRetryAfterMs(Number(text) * 1000);
  const dateMs = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : boundedRetryAfterMs(dateMs - nowMs);
}

/** The one form that senders may use: `Thu, 01 Jan 2026 00:00:05 GMT`. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The pauses in which the backend wants no more reads, one for each URL and login (D13). */
export interface Pauses {
  /** @throws the error that began the pause, with the time that is left, while it lasts */
  refuseDuring(url: string, identity: BackendIdentity): void;
  /** Begins a pause if the error asks for one. */
  note(url: string, identity: BackendIdentity, error: AppError): void;
}

export function createPauses(clock: Clock): Pauses {
  const pauses = new Map<string, { readonly untilMs: number; readonly error: AppError }>();
  const keyOf = (url: string, { accessToken, accountId }: BackendIdentity): string =>
    JSON.stringify([url, accessToken, accountId]);
  return {
    refuseDuring(url, identity) {
      if (pauses.size === 0) return;
      const key = keyOf(url, identity);
      const pause = pauses.get(key);
      if (!pause) return;
      const leftMs = pause.untilMs - clock.monotonicMs();
      if (leftMs > 0) throw amendedError(pause.error, { details: { retryAfterMs: leftMs } });
      pauses.delete(key);
    },
    note(url, identity, error) {
      const { retryAfterMs: pauseMs = 0 } = error.details;
      if (error.kind !== 'rateLimited' || pauseMs <= 0) return;
      const nowMs = clock.monotonicMs();
      for (const [key, { untilMs }] of pauses) if (untilMs <= nowMs) pauses.delete(key);
      pauses.set(keyOf(url, identity), { untilMs: nowMs + pauseMs, error });
    },
  };
}
