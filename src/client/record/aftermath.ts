import { isSameWindow } from '../../limits/window-moves.js';
import { isStale } from '../../limits/windows.js';
import type { RateLimitSnapshot } from '../protocol.js';
import type { Redemption, RedemptionReversal, RevertedWindow } from './redemption.js';
import { nextState, type RedemptionEvent } from './state.js';
import { movementOf, type RedemptionWindow, windowIn, windowsAfter } from './windows.js';

/** A read that is compared with attempts of its account. */
export interface ObservedRead {
  /** The ordinary limit. */
  readonly limit: RateLimitSnapshot;
  /** When the read began. */
  readonly readAtMs: number;
}

/** The event that a read shows for an attempt that has used a credit. */
export interface Aftermath {
  readonly event: RedemptionEvent;
  readonly windows: readonly RedemptionWindow[];
  readonly reversal: RedemptionReversal | null;
}

/** How long the new windows have to last. */
export const settledAfterMs = 60 * 60 * 1000;

/**
 * Decides what a later read says about an attempt that has used a credit. Only events that change its state are returned.
 *
 * @param earlier the read before, if it is known: new windows count as settled after two reads
 * @returns undefined if the attempt stays as it is, or if the read began before its last change
 */
export function aftermathOf(
  attempt: Redemption,
  read: ObservedRead,
  earlier: ObservedRead | undefined,
): Aftermath | undefined {
  if (read.readAtMs <= attempt.updatedAtMs) return undefined;
  const found = eventOf(attempt, read, earlier);
  const state = found && nextState(attempt.state, found.event);
  if (!found || state === undefined || state === attempt.state) return undefined;
  return { windows: attempt.windows, reversal: attempt.reversal, ...found };
}

type Found = Pick<Aftermath, 'event'> & Partial<Aftermath>;

function eventOf(
  attempt: Redemption,
  read: ObservedRead,
  earlier: ObservedRead | undefined,
): Found | undefined {
  switch (attempt.state) {
    case 'redeemed':
    case 'pending':
    case 'partial': {
      const windows = windowsAfter(attempt, read.limit, read.readAtMs);
      return { event: movementOf(windows), windows };
    }
    case 'verified':
    case 'settled': {
      const windows = attempt.windows.flatMap((window) => returnOf(window, read));
      if (windows.length > 0) return { event: 'cameBack', reversal: { atMs: read.readAtMs, windows } };
      return hasLasted(attempt, read, earlier) ? { event: 'lasted' } : undefined;
    }
    case 'reverted':
      return haveMovedAgain(attempt, read) ? { event: 'movedAgain' } : undefined;
    default:
      return undefined;
  }
}

/** Returns the window as it is now, if it is the one from before the redemption, which had started again since. */
function returnOf(window: RedemptionWindow, { limit, readAtMs }: ObservedRead): RevertedWindow[] {
  const { slot, windowDurationMins, after } = window;
  // A window whose use alone has fallen kept its boundary: that boundary says nothing.
  if (!after || isStale(window, readAtMs) || isSameWindow({ ...after, windowDurationMins }, window))
    return [];
  const now = windowIn(limit, window);
  if (!now || now.usedPercent <= 0 || !isSameWindow(now, window)) return [];
  const { usedPercent, resetsAt } = now;
  return [{ slot, windowDurationMins, usedPercent, resetsAt }];
}

function hasLasted(
  { windows, updatedAtMs }: Redemption,
  read: ObservedRead,
  earlier: ObservedRead | undefined,
): boolean {
  if (!earlier || earlier.readAtMs <= updatedAtMs || read.readAtMs - updatedAtMs < settledAfterMs)
    return false;
  const tracked = windows.filter(({ after }) => after !== null);
  return (
    tracked.length > 0 &&
    [read, earlier].every(({ limit }) => tracked.every((window) => windowIn(limit, window) !== undefined))
  );
}

/** Returns whether the windows that came back have started again. After the end of an old window that is not known. */
function haveMovedAgain({ windows, reversal }: Redemption, read: ObservedRead): boolean {
  const reverted = windows.filter((window) => reversal?.windows.some(({ slot }) => slot === window.slot));
  return (
    reverted.length > 0 &&
    reverted.every(
      (window) =>
        !isStale(window, read.readAtMs) &&
        windowIn(read.limit, window) !== undefined &&
        returnOf(window, read).length === 0,
    )
  );
}
