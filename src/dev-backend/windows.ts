/** What kind of window it is: how long it lasts and how fast it fills. */
export interface WindowKind {
  readonly lengthSeconds: number;
  readonly secondsPerPercent: number;
}

export interface Window extends WindowKind {
  /** The use in percent at `markedAtMs`; from there it grows at the kind's rate. */
  readonly markedPercent: number;
  readonly markedAtMs: number;
  readonly resetsAtMs: number;
}

export interface InitialWindow {
  readonly kind: WindowKind;
  readonly usedPercent: number;
  readonly resetsAfterSeconds: number;
}

/** Fills by 1 % a minute, so that a bar moves while somebody watches. */
export const fiveHours: WindowKind = { lengthSeconds: 18_000, secondsPerPercent: 60 };

/** Fills by 1 % in ten minutes. */
export const week: WindowKind = { lengthSeconds: 604_800, secondsPerPercent: 600 };

export function openWindow(start: InitialWindow, nowMs: number): Window {
  return {
    ...start.kind,
    markedPercent: start.usedPercent,
    markedAtMs: nowMs,
    resetsAtMs: nowMs + start.resetsAfterSeconds * 1000,
  };
}

/** Empties the window and gives it its full length from now on. */
export function resetWindow(window: Window, nowMs: number): Window {
  const resetsAtMs = nowMs + window.lengthSeconds * 1000;
  return { ...window, markedPercent: 0, markedAtMs: nowMs, resetsAtMs };
}

/** The use of a window in whole percent, rounded down, at most 100; it must be current (`currentWindow`). */
export function usedPercent(window: Window, nowMs: number): number {
  const grownPercent = (nowMs - window.markedAtMs) / (window.secondsPerPercent * 1000);
  return Math.min(100, Math.floor(window.markedPercent + grownPercent));
}

/**
 * The window that holds at this time: the given one until its reset time, then the one
 * that began empty at the latest reset time.
 */
export function currentWindow(window: Window, nowMs: number): Window {
  if (nowMs < window.resetsAtMs) return window;
  const lengthMs = window.lengthSeconds * 1000;
  const wholePeriods = Math.floor((nowMs - window.resetsAtMs) / lengthMs);
  return resetWindow(window, window.resetsAtMs + wholePeriods * lengthMs);
}
