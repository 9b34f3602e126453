import { isStale, type LimitWindows, windowsOf } from './windows.js';

export type Permission = 'allowed' | 'blocked' | 'unknown';

/**
 * Decides whether ordinary use is allowed. Only `ordinaryUsageAllowed` of the backend counts, not the percentages.
 * `blocked` becomes `unknown` once one of the windows has ended.
 */
export function usagePermission(
  read: { readonly ordinaryUsageAllowed: boolean | null; readonly rateLimits: LimitWindows },
  nowMs: number,
): Permission {
  const { ordinaryUsageAllowed, rateLimits } = read;
  if (ordinaryUsageAllowed === null) return 'unknown';
  if (ordinaryUsageAllowed) return 'allowed';
  return windowsOf(rateLimits).some((window) => isStale(window, nowMs)) ? 'unknown' : 'blocked';
}
