import { limitIdOf, type LimitsOfRead, listLimits } from './snapshots.js';
import { isUnused, type LimitWindow, type LimitWindows } from './windows.js';

type Limit = LimitWindows & { readonly limitId: string | null };

/** The part of an answer to `account/rateLimits/read` in which changes count. */
export interface ReadLimits extends LimitsOfRead<Limit> {
  readonly accountId: string | null;
  readonly ordinaryUsageAllowed: boolean | null;
  readonly rateLimitResetCredits: { readonly availableCount: number } | null;
}

/** The difference between two reads. */
export interface Change<Read extends ReadLimits> {
  /** Whether there was no read before. */
  readonly isFirst: boolean;
  /** Whether anything has changed: a limit, the permission, the number of reset credits or the account. */
  readonly hasChanged: boolean;
  /** The limits that have changed. */
  readonly limits: readonly Read['rateLimits'][];
  /** The later read, in which each limit that has not changed is as it was before: its reset times stay in place. */
  readonly settled: Read;
}

/** How far the backend moves the reset time of a window although nothing has changed. */
export const resetToleranceSecs = 60;

/** The part of its length by which the reset time of an unused window may move. */
const unusedTolerance = 1 / 20;

/** Compares a read with the one before. A number of credits that only one of them has is no change. */
export function changeSince<Read extends ReadLimits>(before: Read | undefined, now: Read): Change<Read> {
  const earlier = new Map(before && listLimits(before).map((limit) => [limitIdOf(limit), limit]));
  const isSame = (limit: Limit): boolean => !hasLimitChanged(earlier.get(limitIdOf(limit)), limit);
  const settle = (limit: Limit): Limit => (isSame(limit) ? (earlier.get(limitIdOf(limit)) ?? limit) : limit);
  const limits = listLimits(now);
  const others = now.rateLimitsByLimitId;
  return {
    isFirst: !before,
    hasChanged:
      !before || limits.length !== earlier.size || !limits.every(isSame) || hasAccountChanged(before, now),
    limits: limits.filter((limit) => !isSame(limit)),
    settled: {
      ...now,
      rateLimits: settle(now.rateLimits),
      rateLimitsByLimitId:
        others && Object.fromEntries(Object.entries(others).map(([id, limit]) => [id, settle(limit)])),
    },
  };
}

function hasAccountChanged(before: ReadLimits, now: ReadLimits): boolean {
  const [countBefore, count] = [before, now].map((read) => read.rateLimitResetCredits?.availableCount);
  return (
    before.accountId !== now.accountId ||
    before.ordinaryUsageAllowed !== now.ordinaryUsageAllowed ||
    (countBefore !== undefined && count !== undefined && countBefore !== count)
  );
}

/** Decides whether a limit has changed. A reset time that moves within its tolerance is no change. */
export function hasLimitChanged(before: LimitWindows | undefined, now: LimitWindows): boolean {
  if (!before) return true;
  return (
    hasWindowChanged(before.primary, now.primary) ||
    hasWindowChanged(before.secondary, now.secondary) ||
    withoutWindows(before) !== withoutWindows(now)
  );
}

function hasWindowChanged(before: LimitWindow | null, now: LimitWindow | null): boolean {
  if (!before || !now) return before !== now;
  if (before.usedPercent !== now.usedPercent || before.windowDurationMins !== now.windowDurationMins)
    return true;
  if (before.resetsAt === null || now.resetsAt === null) return before.resetsAt !== now.resetsAt;
  return Math.abs(before.resetsAt - now.resetsAt) > toleranceSecs(now);
}

function toleranceSecs(window: LimitWindow): number {
  const { windowDurationMins } = window;
  if (!isUnused(window) || windowDurationMins === null) return resetToleranceSecs;
  return windowDurationMins * 60 * unusedTolerance;
}

function withoutWindows({ primary: _, secondary: __, ...rest }: LimitWindows): string {
  return JSON.stringify(rest);
}
