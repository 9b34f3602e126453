import type { RateLimitSnapshot, RateLimitWindow } from './protocol.js';

/** A window of a limit as it is shown to people. */
export interface NamedWindow {
  /** `5 hours`, `week`, `month`, another length in words, or `window` where the length is not known. */
  readonly name: string;
  readonly windowDurationMins: number | null;
  /** Null once the window has ended: its use is then unknown, neither 0 nor 100. */
  readonly usedPercent: number | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

export const fiveHoursMins = 300;
export const weekMins = 10_080;

/** The windows of a limit, the shortest first. Which slot one stands in says nothing. */
export function listWindows(limit: RateLimitSnapshot, nowMs: number): NamedWindow[] {
  return [limit.primary, limit.secondary]
    .filter((window) => window !== null)
    .map((window) => ({
      ...window,
      name: windowName(window.windowDurationMins),
      usedPercent: isStale(window, nowMs) ? null : window.usedPercent,
    }))
    .sort((one, other) => order(one) - order(other));
}

/** The window of that length, in whichever slot; undefined where there is none. */
export function findWindow(
  limit: RateLimitSnapshot,
  windowDurationMins: number,
  nowMs: number,
): NamedWindow | undefined {
  return listWindows(limit, nowMs).find((window) => window.windowDurationMins === windowDurationMins);
}

/** Whether a window has ended since it was read. */
export function isStale({ resetsAt }: Pick<RateLimitWindow, 'resetsAt'>, nowMs: number): boolean {
  return resetsAt !== null && nowMs >= resetsAt * 1000;
}

export function windowName(windowDurationMins: number | null): string {
  if (windowDurationMins === null) return 'window';
  if (windowDurationMins === weekMins) return 'week';
  // Months are of 28 to 31 days.
  if (windowDurationMins >= 28 * dayMins && windowDurationMins <= 31 * dayMins) return 'month';
  if (windowDurationMins % dayMins === 0) return counted(windowDurationMins / dayMins, 'day');
  if (windowDurationMins % 60 === 0) return counted(windowDurationMins / 60, 'hour');
  return counted(windowDurationMins, 'minute');
}

const dayMins = 1_440;

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function order({ windowDurationMins }: NamedWindow): number {
  return windowDurationMins ?? Number.MAX_VALUE;
}
