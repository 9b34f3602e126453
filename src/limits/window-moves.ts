import { resetToleranceSecs } from './change.js';
import { isStale, type LimitWindow } from './windows.js';

/** The use of a window and its boundary, which is its reset time in Unix seconds. */
export type WindowUse = Pick<LimitWindow, 'usedPercent' | 'resetsAt'>;

/**
 * The change of a window between two reads. A window is known by its boundary.
 *
 * - `used`: nothing but use
 * - `ended`: its boundary has passed, and the next window has begun
 * - `early`: it has started again before its boundary
 * - `back`: an earlier window has come back
 */
export const windowMoves = ['used', 'ended', 'early', 'back'] as const;
export type WindowMove = (typeof windowMoves)[number];

/** How far a boundary may move within one window, as a part of the window's length. */
const usedTolerance = 1 / 1000;

/** Use is rounded to whole percents: one point less is not a reset. */
const useTolerance = 1;

/** A smaller fall within one window is a correction of its figures. */
const correctionPoints = 20;

/**
 * Decides what has happened to a window since an earlier read. Both must be of the same length.
 *
 * The boundary of an unused window moves with the clock, which is `used`. A window that is in use has a boundary that was
 * not before that of the unused one: if it is, it belongs to an earlier window.
 *
 * @param nowMs when `now` was read
 */
export function windowMove(before: LimitWindow, now: LimitWindow, nowMs: number): WindowMove {
  const isEarlier = -secsBetween(before, now) > boundaryToleranceSecs(now);
  if (isEarlier && now.usedPercent > 0) return 'back';
  if (!hasReset(before, now, nowMs)) return 'used';
  return isStale(before, nowMs) ? 'ended' : 'early';
}

/**
 * Decides whether a used window has started again although nothing is known to have reset it. Backends correct figures:
 * with the same boundary the use has to fall far, and with a later one it has to fall, unless the window has ended.
 */
export function hasReset(before: LimitWindow, now: LimitWindow, nowMs: number): boolean {
  if (before.usedPercent <= 0) return false;
  const fall = before.usedPercent - now.usedPercent;
  const hasFallen = fall > useTolerance || now.usedPercent === 0;
  if (isLater(before, now)) return hasFallen || isStale(before, nowMs);
  return fall >= correctionPoints || (now.usedPercent === 0 && fall > useTolerance);
}

/**
 * Decides whether a used window has started again since a redemption: its use only grows and its boundary stays, until
 * it does.
 */
export function hasStartedAgain(before: LimitWindow, now: LimitWindow): boolean {
  const isLower = now.usedPercent === 0 || before.usedPercent - now.usedPercent > useTolerance;
  return isLower || isLater(before, now);
}

function isLater(before: LimitWindow, now: LimitWindow): boolean {
  return secsBetween(before, now) > boundaryToleranceSecs(now);
}

/** Returns whether two reads show the same window, by its boundary. False if a boundary is not known. */
export function isSameWindow(one: LimitWindow, other: LimitWindow): boolean {
  if (one.windowDurationMins !== other.windowDurationMins) return false;
  if (one.resetsAt === null || other.resetsAt === null) return false;
  return Math.abs(secsBetween(one, other)) <= boundaryToleranceSecs(one);
}

/** Returns a thousandth of the window's length, but at least a minute: 10 minutes of a week. */
function boundaryToleranceSecs({ windowDurationMins }: LimitWindow): number {
  return Math.max(resetToleranceSecs, (windowDurationMins ?? 0) * 60 * usedTolerance);
}

/** Returns 0 if a boundary is not known. */
function secsBetween({ resetsAt: from }: LimitWindow, { resetsAt: to }: LimitWindow): number {
  return from === null || to === null ? 0 : to - from;
}
