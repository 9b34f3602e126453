import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import type { ChatgptTokens } from '../credentials.js';
import { readJwtTimes } from '../id-token.js';
import { isNearExpiry } from './refresh-reason.js';

/** The access tokens that were due for a refresh when they were issued, because the clock of this machine is ahead. */
export interface DueFromStart {
  /** Call it with each access token that the issuer has just sent. */
  note(accessToken: string): void;
  includes(tokens: ChatgptTokens): boolean;
}

/**
 * Notices tokens of which each refresh would bring another one that is due at once. They are used until the backend
 * refuses them (D31). Each is reported once.
 */
export function createDueFromStart({ clock, log }: { clock: Clock; log: Log }): DueFromStart {
  const known = new Set<string>();

  function add(accessToken: string): void {
    known.add(accessToken);
    log.error(
      'a new access token counts as expired already: check the clock of this machine; the token is used until the backend refuses it',
    );
  }

  return {
    note(accessToken) {
      if (isNearExpiry(readJwtTimes(accessToken).expiresAtMs, clock.nowMs())) add(accessToken);
    },
    includes(tokens) {
      const { accessToken } = tokens;
      if (!known.has(accessToken) && wasStoredDue(tokens)) add(accessToken);
      return known.has(accessToken);
    },
  };
}

/** Returns whether a token that was good for a while when it was issued was due when this machine stored it. */
function wasStoredDue({ accessToken, lastRefreshMs }: ChatgptTokens): boolean {
  const { issuedAtMs, expiresAtMs } = readJwtTimes(accessToken);
  if (issuedAtMs === null || lastRefreshMs === null) return false;
  return isNearExpiry(expiresAtMs, lastRefreshMs) && !isNearExpiry(expiresAtMs, issuedAtMs);
}
