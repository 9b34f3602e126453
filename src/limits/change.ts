import { limitIdOf, type LimitsOfRead, listLimits } from './snapshots.js';
import { isUnused, type LimitWindow, type LimitWindows } from './windows.js';

type Limit = LimitWindows & { readonly limitId: string | null };

/** The part of an answer to `account/rateLimits/read` that `changeSince` compares. */
export interface ComparableRead extends LimitsOfRead<Limit> {
  readonly accountId: string | null;
  readonly ordinaryUsageAllowed: boolean | null;
  readonly rateLimitResetCredits: {
    readonly availableCount: number;
    readonly credits?: readonly unknown[] | null;
    readonly creditsOfUnknownExpiry?: readonly unknown[] | undefined;
  } | null;
}

/** The difference between two reads. */
export interface Change<Read extends ComparableRead> {
  /** Whether there was no read before. */
  readonly isFirst: boolean;
  /** Whether anything has changed: a limit, the permission, the number of reset credits or the account. */
  readonly hasChanged: boolean;
  /** Whether nothing has changed except the reset times of unused windows, which move with the clock. */
  readonly isQuiet: boolean;
  /** The limits that have changed. */
  readonly limits: readonly Read['rateLimits'][];
  /**
   * The later read, but with the earlier snapshot of each limit that has not changed: its reset times stay the same.
   */
  readonly settled: Read;
}

/** How far the reset time of a window may move without a change, in seconds. */
export const resetToleranceSecs = 60;

/** How far the reset time of an unused window may move without a change, as a part of the window's length. */
const unusedTolerance = 1 / 20;

/**
 * Compares a read with the one before. A number of credits counts only if both reads have it, and both with the list of
 * credits or both without: the list may have another number.
 *
 * A reset time of an unused window that has moved beyond its tolerance counts as a change, so that the reset time that
 * a client shows does not become stale. The read is quiet nevertheless.
 */
export function changeSince<Read extends ComparableRead>(before: Read | undefined, now: Read): Change<Read> {
  const earlier = new Map(before && listLimits(before).map((limit) => [limitIdOf(limit), limit]));
  const hasChanged = (limit: Limit, tolerance?: number): boolean =>
    hasLimitChanged(earlier.get(limitIdOf(limit)), limit, tolerance);
  const settle = (limit: Limit): Limit =>
    hasChanged(limit) ? limit : (earlier.get(limitIdOf(limit)) ?? limit);
  const limits = listLimits(now);
  const changed = limits.filter((limit) => hasChanged(limit));
  const others = now.rateLimitsByLimitId;
  const isOtherwiseSame =
    before !== undefined && limits.length === earlier.size && !hasAccountChanged(before, now);
  return {
    isFirst: !before,
    hasChanged: !isOtherwiseSame || changed.length > 0,
    isQuiet: isOtherwiseSame && !changed.some((limit) => hasChanged(limit, Infinity)),
    limits: changed,
    settled: {
      ...now,
      rateLimits: settle(now.rateLimits),
      rateLimitsByLimitId:
        others && Object.fromEntries(Object.entries(others).map(([id, limit]) => [id, settle(limit)])),
    },
  };
}

function hasAccountChanged(before: ComparableRead, now: ComparableRead): boolean {
  return (
    before.accountId !== now.accountId ||
    before.ordinaryUsageAllowed !== now.ordinaryUsageAllowed ||
    hasCountChanged(before.rateLimitResetCredits, now.rateLimitResetCredits)
  );
}

type ResetCredits = ComparableRead['rateLimitResetCredits'];

function hasCountChanged(before: ResetCredits, now: ResetCredits): boolean {
  if (!before || !now) return false;
  return isListed(before) === isListed(now) && before.availableCount !== now.availableCount;
}

function isListed({ credits, creditsOfUnknownExpiry }: NonNullable<ResetCredits>): boolean {
  return Boolean(credits ?? creditsOfUnknownExpiry);
}

/**
 * Decides whether a limit has changed. A reset time that moves within its tolerance does not count.
 *
 * @param tolerance that of unused windows, as a part of their length
 */
export function hasLimitChanged(
  before: LimitWindows | undefined,
  now: LimitWindows,
  tolerance = unusedTolerance,
): boolean {
  if (!before) return true;
  return (
    hasWindowChanged(before.primary, now.primary, tolerance) ||
    hasWindowChanged(before.secondary, now.secondary, tolerance) ||
    withoutWindows(before) !== withoutWindows(now)
  );
}

function hasWindowChanged(before: LimitWindow | null, now: LimitWindow | null, tolerance: number): boolean {
  if (!before || !now) return before !== now;
  if (before.usedPercent !== now.usedPercent || before.windowDurationMins !== now.windowDurationMins)
    return true;
  if (before.resetsAt === null || now.resetsAt === null) return before.resetsAt !== now.resetsAt;
  return Math.abs(before.resetsAt - now.resetsAt) > toleranceSecs(now, tolerance);
}

function toleranceSecs(window: LimitWindow, tolerance: number): number {
  const { windowDurationMins } = window;
  if (!isUnused(window) || windowDurationMins === null) return resetToleranceSecs;
  return windowDurationMins * 60 * tolerance;
}

function withoutWindows({ primary: _, secondary: __, ...rest }: LimitWindows): string {
  return JSON.stringify(rest);
}
