import { spendBudget } from '../../limits/budget.js';
import { redeemableCredits, soonestExpiry } from '../../limits/credits.js';
import { usagePermission } from '../../limits/permission.js';
import { resetWouldHelp } from '../../limits/reset-warnings.js';
import { limitIdOf, listLimits } from '../../limits/snapshots.js';
import { tightestLimit } from '../../limits/tightest.js';
import { budgetPace, usagePace } from '../../limits/usage-pace.js';
import { listWindows } from '../../limits/windows.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../../protocol/schema/rate-limits.js';
import type { RateLimitResetCreditsSummary } from '../../protocol/schema/reset-credits.js';
import type { UsageLimit, UsageReport } from '../../protocol/schema/reports/usage-report.js';

/**
 * Describes a read in the shape of `usage --json`. Ended windows, expired credits and the permission are as of `nowMs`.
 *
 * @param readAtMs when the read began
 * @param isCached whether the read was stored before
 */
export function usageReport(
  read: GetAccountRateLimitsResponse,
  readAtMs: number,
  nowMs = readAtMs,
  isCached = false,
): UsageReport {
  const { rateLimits: codex } = read;
  const { permission, block } = usagePermission(read, nowMs);
  const limits = listLimits(read).map((snapshot) => limitOf(snapshot, readAtMs, nowMs));
  const windows = limits[0]?.windows ?? [];
  const budget = spendBudget(codex, nowMs);
  const resetCredits = read.rateLimitResetCredits && resetCreditsOf(read.rateLimitResetCredits, nowMs);
  return {
    version: 1,
    readAt: Math.floor(readAtMs / 1000),
    isCached,
    permission,
    block,
    tightest: tightestLimit({ windows, budget, block }),
    limitReached: codex.rateLimitReachedType,
    accountId: read.accountId,
    planType: codex.planType,
    limits,
    credits: codex.credits,
    spendLimit: codex.individualLimit,
    budget: budget && { ...budget, pace: budgetPace(budget, readAtMs) },
    spendLimitReached: codex.spendControlReached,
    resetCredits,
    resetWouldHelp: resetWouldHelp(
      { permission, block, windows },
      resetCredits?.availableCount ?? null,
      nowMs,
    ),
  };
}

/** Returns whether the backend says that there is no spend limit. Otherwise there may be one that cannot be read. */
export function hasNoSpendLimit({ spendLimit, spendLimitReached }: UsageReport): boolean {
  return spendLimit === null && spendLimitReached === false;
}

function limitOf(snapshot: RateLimitSnapshot, readAtMs: number, nowMs: number): UsageLimit {
  return {
    limitId: limitIdOf(snapshot),
    limitName: snapshot.limitName,
    windows: listWindows(snapshot, nowMs).map((window) => {
      const { windowDurationMins, usedPercent, resetsAt } = window;
      return { windowDurationMins, usedPercent, resetsAt, pace: usagePace(window, readAtMs) };
    }),
  };
}

function resetCreditsOf(summary: RateLimitResetCreditsSummary, nowMs: number): UsageReport['resetCredits'] {
  return {
    availableCount: summary.availableCount,
    soonestExpiresAt: soonestExpiry(summary, nowMs),
    credits: summary.credits && redeemableCredits({ ...summary, creditsOfUnknownExpiry: [] }, nowMs),
    creditsOfUnknownExpiry: redeemableCredits({ ...summary, credits: null }, nowMs),
  };
}
