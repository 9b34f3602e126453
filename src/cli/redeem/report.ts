import type { RedeemResult, Redemption } from '../../client/library.js';
import { usedCredit } from '../../client/record/state.js';
import type {
  RedeemAttempt,
  RedeemHistory,
  RedeemReport,
} from '../../protocol/schema/reports/redeem-report.js';
import { usageReport } from '../usage/report.js';

/** Reports the result of a redemption in the shape of `redeem --json`. */
export function redeemReport(
  { redemption, limits, isRepeated }: RedeemResult,
  readAtMs: number,
): RedeemReport {
  return {
    version: 1,
    spent: spentBy(redemption),
    isRepeated,
    redemption: redeemAttempt(redemption),
    usage: limits && usageReport(limits, readAtMs),
  };
}

export function redeemHistory(redemptions: readonly Redemption[]): RedeemHistory {
  return { version: 1, redemptions: redemptions.map(redeemAttempt).reverse() };
}

/** Copies an attempt for output, without its idempotency key. */
export function redeemAttempt(redemption: Redemption): RedeemAttempt {
  const {
    account,
    creditId,
    state,
    startedAtMs,
    updatedAtMs,
    redeemedAtMs,
    windows,
    ruleId,
    abandonReason,
    reversal,
  } = redemption;
  return {
    accountId: account.accountId,
    creditId,
    state,
    startedAt: secondsOf(startedAtMs),
    updatedAt: secondsOf(updatedAtMs),
    redeemedAt: redeemedAtMs === null ? null : secondsOf(redeemedAtMs),
    windows: windows.map(({ slot: _, ...window }) => window),
    ruleId,
    abandonReason,
    reversal: reversal && {
      at: secondsOf(reversal.atMs),
      windows: reversal.windows.map(({ slot: _, ...window }) => window),
    },
  };
}

/** Says whether this attempt has used a credit. */
export function spentBy({ state }: Pick<RedeemAttempt, 'state'>): RedeemReport['spent'] {
  return usedCredit(state);
}

function secondsOf(ms: number): number {
  return Math.floor(ms / 1000);
}
