import type { UsagePermission } from './permission.js';

/** Why a reset credit that is used now would help little or not at all. */
export type ResetWarning =
  /** No window blocks use, so no reset ends the block. */
  | {
      readonly kind: 'otherBlock';
      readonly limit: 'spendLimit' | 'workspaceCredits';
      /** When the block ends by itself, in Unix seconds; null if that is not known. */
      readonly until: number | null;
    }
  /** Use is allowed, and nothing is used of any window. */
  | { readonly kind: 'nothingUsed' }
  /** The window that blocks, or each window of which something is used, resets by itself within `soonMins`. */
  | { readonly kind: 'resetsSoon'; readonly isBlocked: boolean; readonly resetsAt: number };

/** The permission and the windows of the ordinary limit, as of the time of the decision. */
export interface ResetDecision extends UsagePermission {
  readonly windows: readonly {
    /** Null if it is not known. */
    readonly usedPercent: number | null;
    /** Unix seconds. */
    readonly resetsAt: number | null;
  }[];
}

/** A window that resets by itself within this time is not worth a reset credit. */
const soonMins = 30;

/** Lists the reasons against using a reset credit now. */
export function resetWarnings({ permission, block, windows }: ResetDecision, nowMs: number): ResetWarning[] {
  if (block?.limit === 'spendLimit' || block?.limit === 'workspaceCredits') {
    return [{ kind: 'otherBlock', limit: block.limit, until: block.until }];
  }
  const used = windows.filter(({ usedPercent }) => usedPercent === null || usedPercent > 0);
  if (used.length === 0) {
    return permission === 'allowed' && windows.length > 0 ? [{ kind: 'nothingUsed' }] : [];
  }
  const isBlocked = permission === 'blocked';
  const resetsAt = isBlocked ? (block?.until ?? Infinity) : lastReset(used);
  return resetsAt * 1000 - nowMs <= soonMins * 60_000 ? [{ kind: 'resetsSoon', isBlocked, resetsAt }] : [];
}

/**
 * Returns whether a reset credit that is used now would help: the rate limit blocks, a credit is there, and
 * `resetWarnings` has no reason against it.
 *
 * @example
 * const windows = listWindows(limits.rateLimits);
 * const count = limits.rateLimitResetCredits?.availableCount ?? null;
 * console.log(resetWouldHelp({ ...usagePermission(limits), windows }, count));
 * @param availableCount the number of reset credits; null if it is not known
 * @returns null if it is not known
 */
export function resetWouldHelp(
  decision: ResetDecision,
  availableCount: number | null,
  nowMs = Date.now(),
): boolean | null {
  const { permission, block } = decision;
  if (availableCount === 0 || permission === 'allowed') return false;
  const limit = block?.limit ?? null;
  if (limit === null) return null;
  const wouldHelp = limit === 'rateLimit' && resetWarnings(decision, nowMs).length === 0;
  return wouldHelp && availableCount === null ? null : wouldHelp;
}

/** Returns when the last window resets; Infinity if the use or the reset time of one of them is not known. */
function lastReset(windows: ResetDecision['windows']): number {
  return Math.max(
    ...windows.map(({ usedPercent, resetsAt }) => (usedPercent === null ? Infinity : (resetsAt ?? Infinity))),
  );
}
