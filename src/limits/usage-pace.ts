/** The use of a window or budget against its time, as of one read. Not the pace of polling, which is in `pace.ts`. */
export interface LimitPace {
  /** How much of the time had passed at the read, in whole percent. */
  readonly elapsedPercent: number;
  /** `ahead`: more is used than time has passed, by more than two percentage points. */
  readonly verdict: 'ahead' | 'onPace' | 'behind';
  /** When nothing is left if use goes on like this, in Unix seconds. Null if that is not before the reset. */
  readonly emptyAt: number | null;
}

interface Span {
  readonly usedPercent: number | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

const leastElapsed = 0.03;
const evenPoints = 2;
/** In a shorter window a burst of use would predict an end that never comes. */
const leastPredictedSecs = 86_400;

/**
 * Returns the pace of a window. Null if it says nothing: within the first 3 % of the window, at 0 % and at 100 %, or if
 * its length or its reset time is unknown or does not fit the time of the read.
 *
 * @example
 * const window = findWindow(limits.rateLimits, weekMins);
 * const pace = window && usagePace(window, Date.now());
 * if (pace?.verdict === 'ahead') console.log(pace.emptyAt);
 * @param readAtMs when the window was read
 */
export function usagePace(
  window: Span & { readonly windowDurationMins: number | null },
  readAtMs: number,
): LimitPace | null {
  const { windowDurationMins: mins } = window;
  return mins === null ? null : paceOf(window, mins * 60, readAtMs);
}

/**
 * Returns the pace of a budget, which starts a month before its reset. Null as with `usagePace`.
 *
 * @example
 * const budget = spendBudget(limits.rateLimits);
 * console.log(budget && budgetPace(budget, Date.now())?.verdict);
 */
export function budgetPace(budget: Span, readAtMs: number): LimitPace | null {
  const { resetsAt } = budget;
  return resetsAt === null ? null : paceOf(budget, resetsAt - monthBefore(resetsAt), readAtMs);
}

function paceOf({ usedPercent, resetsAt }: Span, lengthSecs: number, readAtMs: number): LimitPace | null {
  if (usedPercent === null || resetsAt === null || usedPercent <= 0 || usedPercent >= 100) return null;
  const startSecs = resetsAt - lengthSecs;
  const elapsedSecs = readAtMs / 1000 - startSecs;
  const elapsed = elapsedSecs / lengthSecs;
  // NaN, of a reset time beyond all dates, fails as well.
  if (!(elapsed >= leastElapsed && elapsed <= 1)) return null;
  const points = usedPercent - elapsed * 100;
  const emptyAt = Math.round(startSecs + (elapsedSecs * 100) / usedPercent);
  const isPredicted = lengthSecs >= leastPredictedSecs && emptyAt < resetsAt;
  return {
    elapsedPercent: Math.round(elapsed * 100),
    verdict: points > evenPoints ? 'ahead' : points < -evenPoints ? 'behind' : 'onPace',
    emptyAt: isPredicted ? emptyAt : null,
  };
}

/** Returns the time a calendar month before another, in UTC; on the last day of a shorter month. */
function monthBefore(seconds: number): number {
  const end = new Date(seconds * 1000);
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const start = new Date(end);
  start.setUTCFullYear(year, month - 1, Math.min(end.getUTCDate(), lastDay));
  return start.getTime() / 1000;
}
