/** One window of a limit, as a read reports it. */
export interface LimitWindow {
  readonly usedPercent: number;
  /** Its length in minutes; null if it is not known. */
  readonly windowDurationMins: number | null;
  /** When it resets, in Unix seconds. */
  readonly resetsAt: number | null;
}

/** The two slots that a limit has for windows. A slot says nothing about the window's length. */
export interface LimitWindows {
  readonly primary: LimitWindow | null;
  readonly secondary: LimitWindow | null;
}

/** A window with a readable name. */
export interface NamedWindow {
  /** `5 hours`, `week`, `month`, another length in words, or `window` if the length is not known. */
  readonly name: string;
  readonly windowDurationMins: number | null;
  /** Null once the window has ended: its use is then unknown, neither 0 nor 100. */
  readonly usedPercent: number | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

export const fiveHoursMins = 300;
export const weekMins = 10_080;

/** Lists the windows of a limit, the shortest first. */
export function listWindows(limit: LimitWindows, nowMs: number): NamedWindow[] {
  return windowsOf(limit)
    .map((window) => ({
      ...window,
      name: windowName(window.windowDurationMins),
      usedPercent: isStale(window, nowMs) ? null : window.usedPercent,
    }))
    .sort((one, other) => order(one) - order(other));
}

/** Finds the window of a length in either slot. */
export function findWindow(
  limit: LimitWindows,
  windowDurationMins: number,
  nowMs: number,
): NamedWindow | undefined {
  return listWindows(limit, nowMs).find((window) => window.windowDurationMins === windowDurationMins);
}

/** Lists the windows of a limit as they were read. */
export function windowsOf({ primary, secondary }: LimitWindows): LimitWindow[] {
  return [primary, secondary].filter((window) => window !== null);
}

/** Returns whether a window has ended since it was read. */
export function isStale({ resetsAt }: Pick<LimitWindow, 'resetsAt'>, nowMs: number): boolean {
  return resetsAt !== null && nowMs >= resetsAt * 1000;
}

/** Returns whether a window has not started: nothing of it is used, and its reset time moves with the clock. */
export function isUnused({
  usedPercent,
  windowDurationMins,
}: {
  readonly usedPercent: number | null;
  readonly windowDurationMins: number | null;
}): boolean {
  return usedPercent === 0 && windowDurationMins !== null;
}

/** Names a window by its length. */
export function windowName(windowDurationMins: number | null): string {
  if (windowDurationMins === null) return 'window';
  if (windowDurationMins === weekMins) return 'week';
  // A month has 28 to 31 days.
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
