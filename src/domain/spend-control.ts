import type { WireIndividualLimit, WireSpendControl } from '../backend/account/wire-usage.js';
import type { RateLimitSnapshot, SpendControlLimitSnapshot } from '../protocol/schema/rate-limits.js';
import { resetTime } from './reset-time.js';

/**
 * Returns the spend limit and whether it is reached. Only `false` beside no limit means that there is none. If the
 * backend has a limit that cannot be read, `false` becomes null.
 */
export function spendControlFromWire(
  control: WireSpendControl | null,
  receivedAtMs: number,
): Pick<RateLimitSnapshot, 'individualLimit' | 'spendControlReached'> {
  const { individual_limit: limit = null, reached = null } = control ?? {};
  const individualLimit =
    limit === null || limit === 'unreadable' ? null : limitFromWire(limit, receivedAtMs);
  const isUnreadable = limit !== null && individualLimit === null;
  return { individualLimit, spendControlReached: isUnreadable && !reached ? null : reached };
}

function limitFromWire(limit: WireIndividualLimit, receivedAtMs: number): SpendControlLimitSnapshot | null {
  const resetsAt = resetTime(limit, receivedAtMs);
  if (resetsAt === null) return null;
  return { limit: limit.limit, used: limit.used, remainingPercent: limit.remaining_percent, resetsAt };
}
