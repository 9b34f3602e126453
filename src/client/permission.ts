import type { GetAccountRateLimitsResponse } from './protocol.js';
import { isStale } from './windows.js';

export type Permission = 'allowed' | 'blocked' | 'unknown';

/**
 * Whether ordinary use is allowed, by the backend's word alone: percentages do not tell. A word that somebody is
 * blocked no longer holds once one of the windows has ended.
 */
export function usagePermission(read: GetAccountRateLimitsResponse, nowMs: number): Permission {
  const { ordinaryUsageAllowed, rateLimits } = read;
  if (ordinaryUsageAllowed === null) return 'unknown';
  if (ordinaryUsageAllowed) return 'allowed';
  const windows = [rateLimits.primary, rateLimits.secondary];
  return windows.some((window) => window !== null && isStale(window, nowMs)) ? 'unknown' : 'blocked';
}
