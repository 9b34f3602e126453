import type { LimitWindow, LimitWindows } from './windows.js';

/** How far the backend moves the reset time of a window although nothing has changed. */
export const resetToleranceSecs = 60;

/** The part of its length by which the reset time of an unused window may move: such a window has not begun. */
const unusedTolerance = 1 / 20;

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
