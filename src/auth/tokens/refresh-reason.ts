import type { ChatgptLogin } from '../credentials.js';

/** Why the issuer is asked for new tokens, in the issuer's terms. */
export type RefreshReason = 'proactive_expiry' | 'scheduled' | 'forced' | 'unauthorized_recovery';

const beforeExpiryMs = 5 * 60 * 1000;
const scheduledAfterMs = 8 * 24 * 60 * 60 * 1000;

/**
 * Returns why the tokens are due for a refresh, or null. They are due from five minutes before the access token expires;
 * if it does not say when, after eight days, if it is known when they were refreshed.
 */
export function dueRefresh(login: ChatgptLogin, nowMs: number): 'proactive_expiry' | 'scheduled' | null {
  if (!isRefreshable(login) || !login.tokens) return null;
  const { expiresAtMs, lastRefreshMs } = login.tokens;
  if (expiresAtMs !== null) return isNearExpiry(expiresAtMs, nowMs) ? 'proactive_expiry' : null;
  return lastRefreshMs !== null && nowMs - lastRefreshMs > scheduledAfterMs ? 'scheduled' : null;
}

/**
 * Returns whether the issuer may be asked for new tokens of this login. It may not without an account or a refresh token,
 * or if another program owns the tokens (D30).
 */
export function isRefreshable({ source, tokens }: ChatgptLogin): boolean {
  return source === 'stored' && tokens !== null && tokens.accountId !== null && tokens.refreshToken !== '';
}

/** Returns whether an access token has to be refreshed at this time, if it says when it expires. */
export function isNearExpiry(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && nowMs >= expiresAtMs - beforeExpiryMs;
}
