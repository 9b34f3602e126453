import { limitIdOf, type LimitsOfRead, listLimits } from './snapshots.js';
import type { LimitWindow, LimitWindows } from './windows.js';

type Limit = LimitWindows & { readonly limitId: string | null };

/** The part of an answer to `account/rateLimits/read` in which changes count. */
export interface ReadLimits extends LimitsOfRead<Limit> {
  readonly accountId: string | null;
  readonly ordinaryUsageAllowed: boolean | null;
  readonly rateLimitResetCredits: { readonly availableCount: number } | null;
}

/** How far the backend moves the reset time of a window although nothing has changed. */
export const resetToleranceSecs = 60;

/** The part of its length by which the reset time of an unused window may move: such a window has not begun. */
const unusedTolerance = 1 / 20;

/**
 * Decides whether a read differs from the one before: in a limit, in the permission, in the number of reset credits, or
 * because it is about another account. A number of credits that is unknown on one side is no change.
 */
export function haveLimitsChanged(before: ReadLimits, now: ReadLimits): boolean {
  const earlier = byId(before);
  const limits = listLimits(now);
  const [countBefore, count] = [before, now].map((read) => read.rateLimitResetCredits?.availableCount);
  return (
    before.accountId !== now.accountId ||
    before.ordinaryUsageAllowed !== now.ordinaryUsageAllowed ||
    (countBefore !== undefined && count !== undefined && countBefore !== count) ||
    limits.length !== earlier.size ||
    limits.some((limit) => hasLimitChanged(earlier.get(limitIdOf(limit)), limit))
  );
}

/** Returns the read with each limit that has not changed as it was before, so that reset times stay in place. */
export function settleLimits<Read extends ReadLimits>(before: ReadLimits, now: Read): Read {
  const earlier = byId(before);
  const settled = (limit: Limit): Limit => {
    const known = earlier.get(limitIdOf(limit));
    return known && !hasLimitChanged(known, limit) ? known : limit;
  };
  const others = now.rateLimitsByLimitId;
  return {
    ...now,
    rateLimits: settled(now.rateLimits),
    rateLimitsByLimitId:
      others && Object.fromEntries(Object.entries(others).map(([id, limit]) => [id, settled(limit)])),
  };
}

function byId(read: ReadLimits): Map<string, Limit> {
  return new Map(listLimits(read).map((limit) => [limitIdOf(limit), limit]));
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

function toleranceSecs({ usedPercent, windowDurationMins }: LimitWindow): number {
  const isUnused = usedPercent === 0 && windowDurationMins !== null;
  return isUnused ? windowDurationMins * 60 * unusedTolerance : resetToleranceSecs;
}

function withoutWindows({ primary: _, secondary: __, ...rest }: LimitWindows): string {
  return JSON.stringify(rest);
}
