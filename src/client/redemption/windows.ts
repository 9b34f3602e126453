import { resetToleranceSecs } from '../../limits/change.js';
import { isStale } from '../../limits/windows.js';
import type { RateLimitSnapshot } from '../protocol.js';
import { pendingLimitMs } from './state.js';

export const slots = ['primary', 'secondary'] as const;

/**
 * What became of a window.
 * - `verified`: it has started anew since the redemption
 * - `pending`: it was in use and has not moved yet
 * - `unmoved`: it had nothing to reset, no credit was used, or it has not moved in four hours or before its own end,
 *   after which nobody can tell
 */
export const windowVerdicts = ['verified', 'pending', 'unmoved'] as const;
export type WindowVerdict = (typeof windowVerdicts)[number];

/** A window as it was before the redemption, and what became of it. */
export interface RedemptionWindow {
  readonly slot: (typeof slots)[number];
  readonly windowDurationMins: number | null;
  readonly usedPercent: number;
  readonly resetsAt: number | null;
  readonly verdict: WindowVerdict;
}

/** The windows that a credit may reset: those of the ordinary limit. */
export function windowsBefore(limit: RateLimitSnapshot): RedemptionWindow[] {
  return slots.flatMap((slot) => {
    const window = limit[slot];
    if (!window) return [];
    const { usedPercent, windowDurationMins, resetsAt } = window;
    const verdict = usedPercent > 0 ? 'pending' : 'unmoved';
    return [{ slot, windowDurationMins, usedPercent, resetsAt, verdict }];
  });
}

/**
 * The windows of a redemption by now. One that has moved stays `verified`; one that is in neither slot has not been seen.
 *
 * @param limit the ordinary limit; null where only time has passed
 */
export function windowsAfter(
  { windows, redeemedAtMs }: Moved,
  limit: RateLimitSnapshot | null,
  nowMs: number,
): RedemptionWindow[] {
  const isOver = redeemedAtMs !== null && nowMs - redeemedAtMs >= pendingLimitMs;
  return windows.map((window) => {
    if (window.verdict !== 'pending') return window;
    const hasEnded = isStale(window, nowMs);
    if (limit && !hasEnded && hasMoved(window, limit)) return { ...window, verdict: 'verified' };
    return isOver || hasEnded ? { ...window, verdict: 'unmoved' } : window;
  });
}

interface Moved {
  readonly windows: readonly RedemptionWindow[];
  readonly redeemedAtMs: number | null;
}

/** The windows of an attempt that has used no credit. */
export function windowsUnmoved(windows: readonly RedemptionWindow[]): RedemptionWindow[] {
  return windows.map((window) => ({ ...window, verdict: 'unmoved' }));
}

/** How many of the windows that were in use have moved: with none of them, all have. */
export function movementOf(windows: readonly RedemptionWindow[]): 'noneMoved' | 'someMoved' | 'allMoved' {
  const inUse = windows.filter(isInUse);
  const moved = inUse.filter(({ verdict }) => verdict === 'verified');
  if (moved.length === inUse.length) return 'allMoved';
  return moved.length > 0 ? 'someMoved' : 'noneMoved';
}

function isInUse({ usedPercent }: RedemptionWindow): boolean {
  return usedPercent > 0;
}

/** Use is told in whole percents: a point less is no reset, and would let another credit be used. */
const useTolerance = 1;

/** The use of a window only grows, and its end stays: if one went down, or the other is another, it has started anew. */
function hasMoved(before: RedemptionWindow, limit: RateLimitSnapshot): boolean {
  const { windowDurationMins, slot } = before;
  const candidates = windowDurationMins === null ? [slot] : slots;
  const now = candidates
    .map((each) => limit[each])
    .find((window) => window?.windowDurationMins === windowDurationMins);
  if (!now) return false;
  if (now.usedPercent === 0 || before.usedPercent - now.usedPercent > useTolerance) return true;
  return (
    now.resetsAt !== null && before.resetsAt !== null && now.resetsAt - before.resetsAt > resetToleranceSecs
  );
}
