/** The length of a window and the rate at which it fills. */
export interface WindowKind {
  readonly lengthSeconds: number;
  readonly secondsPerPercent: number;
}

export interface Window extends WindowKind {
  /** The used part at `markedAtMs`, in percent. It grows from there at the rate of the kind. */
  readonly markedPercent: number;
  readonly markedAtMs: number;
  readonly resetsAtMs: number;
}

export interface InitialWindow {
  readonly kind: WindowKind;
  readonly usedPercent: number;
  readonly resetsAfterSeconds: number;
}

/** Fills by 1 % a minute, so that changes are visible in a demo. */
export const fiveHours: WindowKind = { lengthSeconds: 18_000, secondsPerPercent: 60 };

/** Five hours that fill by 1 % every two seconds. */
export const fastFiveHours: WindowKind = { ...fiveHours, secondsPerPercent: 2 };

/** Fills by 1 % every ten minutes. */
export const week: WindowKind = { lengthSeconds: 604_800, secondsPerPercent: 600 };

/** Fills by 1 % an hour. */
export const thirtyDays: WindowKind = { lengthSeconds: 2_592_000, secondsPerPercent: 3_600 };

export function openWindow(start: InitialWindow, nowMs: number): Window {
  return {
    ...start.kind,
    markedPercent: start.usedPercent,
    markedAtMs: nowMs,
    resetsAtMs: nowMs + start.resetsAfterSeconds * 1000,
  };
}

/** Returns the window at 0 %, with its full length from now on. */
export function resetWindow(window: Window, nowMs: number): Window {
  const resetsAtMs = nowMs + window.lengthSeconds * 1000;
  return { ...window, markedPercent: 0, markedAtMs: nowMs, resetsAtMs };
}

/** Returns the used part in whole percent, rounded down, at most 100. The window must be from `currentWindow`. */
export function usedPercent(window: Window, nowMs: number): number {
  const grownPercent = (nowMs - window.markedAtMs) / (window.secondsPerPercent * 1000);
  return Math.min(100, Math.floor(window.markedPercent + grownPercent));
}

/**
 * Returns the window at this time: the given one before its reset time, then one that started at 0 % at the latest
 * reset time.
 */
export function currentWindow(window: Window, nowMs: number): Window {
  if (nowMs < window.resetsAtMs) return window;
  const lengthMs = window.lengthSeconds * 1000;
  const wholePeriods = Math.floor((nowMs - window.resetsAtMs) / lengthMs);
  return resetWindow(window, window.resetsAtMs + wholePeriods * lengthMs);
}
