import type { RateLimitSnapshot, RateLimitWindow } from '../protocol/rate-limits.js';

/** What the backend's reset times waver by although nothing has changed. */
const roundingSecs = 60;

/** A window that is not in use has not begun: its reset time moves along with the clock. */
const unusedShare = 1 / 20;

/** Whether a limit is another one in the eyes of a person; reset times that waver do not count. */
export function hasLimitChanged(before: RateLimitSnapshot | undefined, now: RateLimitSnapshot): boolean {
  if (!before) return true;
  return (
    hasWindowChanged(before.primary, now.primary) ||
    hasWindowChanged(before.secondary, now.secondary) ||
    withoutWindows(before) !== withoutWindows(now)
  );
}

function hasWindowChanged(before: RateLimitWindow | null, now: RateLimitWindow | null): boolean {
  if (!before || !now) return before !== now;
  if (before.usedPercent !== now.usedPercent || before.windowDurationMins !== now.windowDurationMins)
    return true;
  if (before.resetsAt === null || now.resetsAt === null) return before.resetsAt !== now.resetsAt;
  return Math.abs(before.resetsAt - now.resetsAt) > toleranceSecs(now);
}

function toleranceSecs({ usedPercent, windowDurationMins }: RateLimitWindow): number {
  const isUnused = usedPercent === 0 && windowDurationMins !== null;
  return isUnused ? windowDurationMins * 60 * unusedShare : roundingSecs;
}

function withoutWindows({ primary: _, secondary: __, ...rest }: RateLimitSnapshot): string {
  return JSON.stringify(rest);
}
