import { hasStartedAgain, type WindowUse } from '../../limits/window-moves.js';
import { isStale, type LimitWindow } from '../../limits/windows.js';
import type { RateLimitSnapshot } from '../protocol.js';
import { pendingLimitMs } from './state.js';

export const slots = ['primary', 'secondary'] as const;

/**
 * The verdict on whether a window was reset.
 *
 * - `verified`: it has started again since the redemption
 * - `pending`: it was in use and has not moved yet
 * - `unmoved`: there was nothing to reset, no credit was used, or it did not move within four hours or before its own
 *   end, after which a reset cannot be observed
 */
export const windowVerdicts = ['verified', 'pending', 'unmoved'] as const;
export type WindowVerdict = (typeof windowVerdicts)[number];

/** A window as it was before the redemption, with its verdict. */
export interface RedemptionWindow {
  readonly slot: (typeof slots)[number];
  readonly windowDurationMins: number | null;
  readonly usedPercent: number;
  readonly resetsAt: number | null;
  readonly verdict: WindowVerdict;
  /** The window as the read showed it in which it had first started again. Null before, and in journals of format 2. */
  readonly after: WindowUse | null;
}

/** Lists the windows that a credit may reset: those of the ordinary limit. */
export function windowsBefore(limit: RateLimitSnapshot): RedemptionWindow[] {
  return slots.flatMap((slot) => {
    const window = limit[slot];
    if (!window) return [];
    const { usedPercent, windowDurationMins, resetsAt } = window;
    const verdict = usedPercent > 0 ? 'pending' : 'unmoved';
    return [{ slot, windowDurationMins, usedPercent, resetsAt, verdict, after: null }];
  });
}

interface RedemptionWindows {
  readonly windows: readonly RedemptionWindow[];
  readonly redeemedAtMs: number | null;
}

/**
 * Returns the windows of a redemption with their verdicts as of `nowMs`. `verified` is final. A window that `limit`
 * does not have stays as it was.
 *
 * @param limit the ordinary limit; null if nothing was read
 */
export function windowsAfter(
  { windows, redeemedAtMs }: RedemptionWindows,
  limit: RateLimitSnapshot | null,
  nowMs: number,
): RedemptionWindow[] {
  const isOver = redeemedAtMs !== null && nowMs - redeemedAtMs >= pendingLimitMs;
  return windows.map((window) => {
    if (window.verdict !== 'pending') return window;
    const hasEnded = isStale(window, nowMs);
    const now = limit && windowIn(limit, window);
    if (now && !hasEnded && hasStartedAgain(window, now)) {
      const { usedPercent, resetsAt } = now;
      return { ...window, verdict: 'verified', after: { usedPercent, resetsAt } };
    }
    return isOver || hasEnded ? { ...window, verdict: 'unmoved' } : window;
  });
}

/** Returns the windows of an attempt that has used no credit. */
export function windowsUnmoved(windows: readonly RedemptionWindow[]): RedemptionWindow[] {
  return windows.map((window) => ({ ...window, verdict: 'unmoved' }));
}

/** Returns how many of the windows that were in use have moved; `allMoved` if none was in use. */
export function movementOf(windows: readonly RedemptionWindow[]): 'noneMoved' | 'someMoved' | 'allMoved' {
  const inUse = windows.filter(isInUse);
  const moved = inUse.filter(({ verdict }) => verdict === 'verified');
  if (moved.length === inUse.length) return 'allMoved';
  return moved.length > 0 ? 'someMoved' : 'noneMoved';
}

function isInUse({ usedPercent }: RedemptionWindow): boolean {
  return usedPercent > 0;
}

/** Finds the window of the same length in a later read, in either slot. */
export function windowIn(
  limit: RateLimitSnapshot,
  { windowDurationMins, slot }: Pick<RedemptionWindow, 'windowDurationMins' | 'slot'>,
): LimitWindow | undefined {
  const candidates = windowDurationMins === null ? [slot] : slots;
  return (
    candidates
      .map((each) => limit[each])
      .find((window) => window?.windowDurationMins === windowDurationMins) ?? undefined
  );
}
