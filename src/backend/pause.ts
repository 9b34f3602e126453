import type { Clock } from '../util/clock.js';
import { amendedError, type AppError } from '../util/errors.js';
import type { Endpoint } from './endpoints.js';
import type { BackendIdentity } from './identity.js';

/** The times until which the backend wants no more reads; D13. */
export interface Pauses {
  /** @throws the error that began the pause, with the time that is left, while it lasts */
  refuseDuring(endpoint: Endpoint, identity: BackendIdentity): void;
  /** Begins a pause if the error asks for one. */
  note(endpoint: Endpoint, identity: BackendIdentity, error: AppError): void;
}

/** One pause for each endpoint and login. */
export function createPauses(clock: Clock): Pauses {
  const pauses = new Map<string, { readonly untilMs: number; readonly error: AppError }>();
  const keyOf = (endpoint: Endpoint, { accessToken, accountId }: BackendIdentity): string =>
    JSON.stringify([endpoint, accessToken, accountId]);
  return {
    refuseDuring(endpoint, identity) {
      const key = keyOf(endpoint, identity);
      const pause = pauses.get(key);
      if (!pause) return;
      const retryAfterMs = pause.untilMs - clock.nowMs();
      if (retryAfterMs > 0) throw amendedError(pause.error, { details: { retryAfterMs } });
      pauses.delete(key);
    },
    note(endpoint, identity, error) {
      const { retryAfterMs = 0 } = error.details;
      if (error.kind !== 'rateLimited' || retryAfterMs <= 0) return;
      pauses.set(keyOf(endpoint, identity), { untilMs: clock.nowMs() + retryAfterMs, error });
    },
  };
}
