import type { ChatgptLogin } from '../credentials.js';

/** Why the issuer is asked for new tokens, in the issuer's terms. */
export type RefreshReason = 'proactive_expiry' | 'scheduled' | 'forced' | 'unauthorized_recovery';

const beforeExpiryMs = 5 * 60 * 1000;
const scheduledAfterMs = 8 * 24 * 60 * 60 * 1000;

/**
 * Returns why the tokens are due for a refresh, or null. They are due from five minutes before the access token expires;
 * if it does not say when, after eight days. A login without an account, or outside the store, is never refreshed.
 */
export function dueRefresh(login: ChatgptLogin, nowMs: number): 'proactive_expiry' | 'scheduled' | null {
  if (!isRefreshable(login) || !login.tokens) return null;
  const { expiresAtMs, lastRefreshMs } = login.tokens;
  if (expiresAtMs !== null) return nowMs >= expiresAtMs - beforeExpiryMs ? 'proactive_expiry' : null;
  return lastRefreshMs !== null && nowMs - lastRefreshMs > scheduledAfterMs ? 'scheduled' : null;
}

/** Returns whether the issuer may be asked for new tokens of this login. */
export function isRefreshable({ source, tokens }: ChatgptLogin): boolean {
  return source === 'stored' && tokens !== null && tokens.accountId !== null;
}
