import { limitIdOf, listLimits } from '../limits/snapshots.js';
import { listWindows } from '../limits/windows.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../protocol/rate-limits.js';
import type { RateLimitResetCreditsSummary } from '../protocol/reset-credits.js';
import type { UsageLimit, UsageReport } from '../protocol/usage-report.js';

/** What was read, in the shape of `usage --json`; `readAtMs` is when the answer came. */
export function usageReport(read: GetAccountRateLimitsResponse, readAtMs: number): UsageReport {
  const { rateLimits: codex, ordinaryUsageAllowed } = read;
  const readAt = Math.floor(readAtMs / 1000);
  return {
    version: 1,
    readAt,
    permission: ordinaryUsageAllowed === null ? 'unknown' : ordinaryUsageAllowed ? 'allowed' : 'blocked',
    limitReached: codex.rateLimitReachedType,
    accountId: read.accountId,
    planType: codex.planType,
    limits: listLimits(read).map((snapshot) => limitOf(snapshot, readAt)),
    credits: codex.credits,
    spendLimit: codex.individualLimit,
    spendLimitReached: codex.spendControlReached,
    resetCredits: read.rateLimitResetCredits && resetCreditsOf(read.rateLimitResetCredits),
  };
}

function limitOf(snapshot: RateLimitSnapshot, readAt: number): UsageLimit {
  const { limitName } = snapshot;
  return {
    limitId: limitIdOf(snapshot),
    limitName,
    windows: listWindows(snapshot, readAt * 1000).map(({ windowDurationMins, usedPercent, resetsAt }) => ({
      windowDurationMins,
      usedPercent,
      resetsAt,
    })),
  };
}

function resetCreditsOf({
  availableCount,
  credits,
}: RateLimitResetCreditsSummary): UsageReport['resetCredits'] {
  const available = (credits ?? [])
    .filter(({ status }) => status === 'available')
    .toSorted((one, other) => (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity));
  return { availableCount, soonestExpiresAt: available[0]?.expiresAt ?? null, credits: credits && available };
}
