/** What may be sent again: a read, a change that bears an idempotency key, or a change without one. */
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

/**
 * How long to wait before the request is sent again, in milliseconds; null: not again.
 *
 * - A keyed change is repeated with the key it was first sent with: the backend may already have acted on it although
 *   no answer came back, and then says so. A change without a key is never repeated.
 * - A refused or lost connection, 502, 503 and 504 pass: another attempt, after a pause that doubles, with jitter, so
 *   that clients do not come back all at once.
 * - 429 is the backend's own pace: only with a Retry-After that fits into the window; a Retry-After is never undercut.
 * - Anything else is the same the next time.
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
