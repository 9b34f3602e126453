import { RedemptionError } from '../../client/record/error.js';
import type { Redemption } from '../../client/record/redemption.js';
import { isSameAccount } from '../../client/redemption/account.js';
import { listRedemptions } from '../../client/redemption/journal.js';
import { observeRead } from '../../client/redemption/observe.js';
import { isSameWindow } from '../../limits/window-moves.js';
import type { WindowChange } from '../../limits/read-changes.js';
import type { RedemptionsOfHome, StoredChange } from '../../snapshot/record-changes.js';
import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';

/** Connects the stored reads with the journal of redemptions: their floors do not know each other. */
export function redemptionsOfHome(options: {
  readonly codexHome: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** The PATH in which `flock` is searched on Linux. */
  readonly searchPath: string | undefined;
  readonly log: Log;
}): RedemptionsOfHome {
  const { codexHome, clock, log } = options;
  return {
    mayExplain({ accountId, userId }, change) {
      try {
        return listRedemptions(codexHome, clock.nowMs())
          .filter((each) => isSameAccount(each.account, { accountId, userId }))
          .some((each) => mayHaveReset(each, change));
      } catch (error) {
        if (error instanceof RedemptionError) return undefined;
        throw error;
      }
    },
    async observe({ key: { accountId, userId }, before, now }: StoredChange) {
      const observed = ({ answer, readAtMs }: NonNullable<StoredChange['before']>) => ({
        limit: answer.rateLimits,
        readAtMs,
      });
      try {
        await observeRead(options, {
          account: { accountId, userId },
          now: observed(now),
          earlier: before && observed(before),
        });
      } catch (error) {
        // The read has succeeded all the same.
        const reason = error instanceof RedemptionError ? error.kind : 'internal error';
        log.debug(`the redemptions are not looked at: ${reason}`);
      }
    },
  };
}

const usedNothing: readonly Redemption['state'][] = ['nothingToReset', 'noCredit', 'refused'];

/** Returns whether the window that has ended early is one that this attempt was to reset. */
function mayHaveReset({ state, windows }: Redemption, { windowDurationMins, before }: WindowChange): boolean {
  if (usedNothing.includes(state) || !before) return false;
  return windows.some(
    (window) =>
      window.windowDurationMins === windowDurationMins &&
      (window.resetsAt === null || isSameWindow(window, { ...before, windowDurationMins })),
  );
}
