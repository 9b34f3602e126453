import type { RateLimitSnapshot } from './protocol.js';

/**
 * What became of a window.
 * - `verified`: it has started anew since the redemption
 * - `pending`: it was in use and has not moved yet
 * - `unmoved`: it had nothing to reset, or has not moved in four hours
 */
export type WindowVerdict = 'verified' | 'pending' | 'unmoved';

/** A window as it was before the redemption, and what became of it. */
export interface RedemptionWindow {
  readonly slot: 'primary' | 'secondary';
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
 * The windows after a look at the limits. One that has moved stays `verified`; one that is in neither slot has not been
 * seen.
 *
 * @param isOver whether the time in which windows may move has passed
 */
export function windowsAfter(
  windows: readonly RedemptionWindow[],
  limit: RateLimitSnapshot,
  isOver: boolean,
): RedemptionWindow[] {
  return windows.map((window) => {
    if (window.verdict === 'verified' || !isInUse(window)) return window;
    if (hasMoved(window, limit)) return { ...window, verdict: 'verified' };
    return { ...window, verdict: isOver ? 'unmoved' : 'pending' };
  });
}

/** How many of the windows that were in use have moved: with none of them, all have. */
export function movementOf(windows: readonly RedemptionWindow[]): 'noneMoved' | 'someMoved' | 'allMoved' {
  const inUse = windows.filter(isInUse);
  const moved = inUse.filter(({ verdict }) => verdict === 'verified');
  if (moved.length === inUse.length) return 'allMoved';
  return moved.length > 0 ? 'someMoved' : 'noneMoved';
}

const slots = ['primary', 'secondary'] as const;

function isInUse({ usedPercent }: RedemptionWindow): boolean {
  return usedPercent > 0;
}

/** The end of a window that goes on is told to the second or so. */
const resetToleranceSeconds = 60;

/** The use of a window only grows, and its end stays: if one went down, or the other is another, it has started anew. */
function hasMoved(before: RedemptionWindow, limit: RateLimitSnapshot): boolean {
  const { windowDurationMins, slot } = before;
  const candidates = windowDurationMins === null ? [slot] : slots;
  const now = candidates
    .map((each) => limit[each])
    .find((window) => window?.windowDurationMins === windowDurationMins);
  if (!now) return false;
  if (now.usedPercent < before.usedPercent) return true;
  return (
    now.resetsAt !== null &&
    before.resetsAt !== null &&
    now.resetsAt - before.resetsAt > resetToleranceSeconds
  );
}
