import type { Clock } from '../util/clock.js';
import { amendedError, type AppError } from '../util/errors.js';
import type { BackendIdentity } from './identity.js';

/** The times until which the backend wants no more reads; D13. */
export interface Pauses {
  /** @throws the error that began the pause, with the time that is left, while it lasts */
  refuseDuring(url: string, identity: BackendIdentity): void;
  /** Begins a pause if the error asks for one. */
  note(url: string, identity: BackendIdentity, error: AppError): void;
}

/** One pause for each URL and login. */
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
      const retryAfterMs = pause.untilMs - clock.nowMs();
      if (retryAfterMs > 0) throw amendedError(pause.error, { details: { retryAfterMs } });
      pauses.delete(key);
    },
    note(url, identity, error) {
      const { retryAfterMs = 0 } = error.details;
      if (error.kind !== 'rateLimited' || retryAfterMs <= 0) return;
      pauses.set(keyOf(url, identity), { untilMs: clock.nowMs() + retryAfterMs, error });
    },
  };
}
