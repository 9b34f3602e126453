import type { Redemption, RedemptionAccount } from '../../../client/record/redemption.js';
import { isSameAccount } from '../../../client/redemption/account.js';
import type { LoggedChange, UsageHistory } from '../../../protocol/schema/reports/usage-history.js';
import type { LogEntry } from '../../../snapshot/log-entry.js';
import type { LimitsLog } from '../../../snapshot/limits-log.js';

/**
 * Describes what has happened to the limits of an account, in the shape of `usage --history --json`.
 *
 * @param account undefined if none is known: then that of the last change
 */
export function usageHistory(
  { entries, skipped }: LimitsLog,
  redemptions: readonly Redemption[],
  account: RedemptionAccount | undefined = entries.at(-1),
): UsageHistory {
  const isOwn = (each: RedemptionAccount): boolean => account !== undefined && isSameAccount(each, account);
  return {
    version: 1,
    accountId: account?.accountId ?? null,
    changes: entries.filter(isOwn).map(changeOf),
    redemptions: redemptions
      .filter((each) => isOwn(each.account))
      .map(({ startedAtMs, redeemedAtMs, state, creditId }) => ({
        startedAt: Math.floor(startedAtMs / 1000),
        redeemedAt: redeemedAtMs === null ? null : Math.floor(redeemedAtMs / 1000),
        state,
        creditId,
      })),
    skippedLines: skipped,
  };
}

/** Leaves the account out, which is the same for all changes. */
export function changeOf({ accountId: _, userId: __, ...change }: LogEntry): LoggedChange {
  return change.kind === 'resetCredits'
    ? { ...change, added: [...change.added], removed: [...change.removed] }
    : change;
}
