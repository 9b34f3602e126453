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
  /** `5 hours`, `1 day`, `week`, `month`, `year`, another length in words, or `window` if the length is not known. */
  readonly name: string;
  readonly windowDurationMins: number | null;
  /** Null once the window has ended: its use is then unknown, neither 0 nor 100. */
  readonly usedPercent: number | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

export const fiveHoursMins = 300;
export const weekMins = 10_080;

/**
 * Lists the windows of a limit, the shortest first.
 *
 * @example
 * for (const { name, usedPercent } of listWindows(limits.rateLimits)) console.log(name, usedPercent);
 */
export function listWindows(limit: LimitWindows, nowMs = Date.now()): NamedWindow[] {
  return windowsOf(limit)
    .map((window) => ({
      ...window,
      name: windowName(window.windowDurationMins),
      usedPercent: isStale(window, nowMs) ? null : window.usedPercent,
    }))
    .sort((one, other) => order(one) - order(other));
}

/**
 * Finds the window of a length in either slot, as `ofLength` does.
 *
 * @example
 * console.log(findWindow(limits.rateLimits, fiveHoursMins)?.usedPercent);
 */
export function findWindow(
  limit: LimitWindows,
  windowDurationMins: number,
  nowMs = Date.now(),
): NamedWindow | undefined {
  return ofLength(listWindows(limit, nowMs), windowDurationMins);
}

/** Returns the window whose length is nearest to the given one, if it is within 5 % of it. */
export function ofLength<Window extends Pick<LimitWindow, 'windowDurationMins'>>(
  windows: readonly Window[],
  mins: number,
): Window | undefined {
  const distance = ({ windowDurationMins }: Window): number => Math.abs((windowDurationMins ?? 0) - mins);
  return windows
    .filter(({ windowDurationMins }) => windowDurationMins !== null && isNear(windowDurationMins, mins))
    .sort((one, other) => distance(one) - distance(other))[0];
}

/** Lists the windows of a limit as they were read. */
export function windowsOf({ primary, secondary }: LimitWindows): LimitWindow[] {
  return [primary, secondary].filter((window) => window !== null);
}

/**
 * Returns whether a window has ended since it was read.
 *
 * @example
 * const { primary } = limits.rateLimits;
 * if (primary && isStale(primary)) console.log('read again');
 */
export function isStale({ resetsAt }: Pick<LimitWindow, 'resetsAt'>, nowMs = Date.now()): boolean {
  return resetsAt !== null && nowMs >= resetsAt * 1000;
}

const clockLeewaySecs = 300;

/**
 * Returns whether the reset time of a window that was read just now fits the clock: not longer ago, and not further away
 * than the window is long. If not, one of the two is wrong.
 */
export function fitsClock(
  { resetsAt, windowDurationMins }: Pick<LimitWindow, 'resetsAt' | 'windowDurationMins'>,
  readAtMs: number,
): boolean {
  if (resetsAt === null) return true;
  const leftSecs = resetsAt - readAtMs / 1000;
  return leftSecs >= -clockLeewaySecs && leftSecs <= (windowDurationMins ?? Infinity) * 60 + clockLeewaySecs;
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

/**
 * Names a window by its length. A length within 5 % of one that has a name is called by that name.
 *
 * @example
 * console.log(windowName(10_080)); // week
 */
export function windowName(windowDurationMins: number | null): string {
  if (windowDurationMins === null) return 'window';
  const known = knownLengths.find(({ mins }) => isNear(windowDurationMins, mins));
  if (known) return known.name;
  if (windowDurationMins === shortestMonthMins) return 'month';
  if (windowDurationMins % dayMins === 0) return counted(windowDurationMins / dayMins, 'day');
  if (windowDurationMins % 60 === 0) return counted(windowDurationMins / 60, 'hour');
  return counted(windowDurationMins, 'minute');
}

const dayMins = 1_440;
const shortestMonthMins = 28 * dayMins;

const knownLengths = [
  { name: '5 hours', mins: fiveHoursMins },
  { name: '1 day', mins: dayMins },
  { name: 'week', mins: weekMins },
  { name: 'month', mins: 30 * dayMins },
  { name: 'year', mins: 365 * dayMins },
] as const;

/** Returns whether a length is within 5 % of another. The backend's lengths are not exact. */
function isNear(mins: number, known: number): boolean {
  return Math.abs(mins - known) * 20 <= known;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function order({ windowDurationMins }: NamedWindow): number {
  return windowDurationMins ?? Number.MAX_VALUE;
}
