import { type SpendBudget } from './budget.js';
import type { Block } from './permission.js';

/** The limit that binds: the window or budget of which the least is left. */
export interface TightestLimit {
  readonly limit: 'rateLimit' | 'spendLimit' | 'workspaceCredits';
  /** The length of the window; null for another limit, or if it is not known. */
  readonly windowDurationMins: number | null;
  /** The used part in percent. It can be negative or above 100. */
  readonly usedPercent: number;
  /** When it resets, in Unix seconds. */
  readonly resetsAt: number | null;
}

interface Window {
  readonly windowDurationMins: number | null;
  readonly usedPercent: number | null;
  readonly resetsAt: number | null;
}

/**
 * Returns the limit that binds. A limit that blocks comes first, then the largest used part, then the latest reset. Null
 * if the use of no window and no budget is known.
 *
 * @example
 * const windows = listWindows(limits.rateLimits);
 * const budget = spendBudget(limits.rateLimits);
 * console.log(tightestLimit({ windows, budget, block: usagePermission(limits).block })?.usedPercent);
 */
export function tightestLimit({
  windows,
  budget,
  block,
}: {
  readonly windows: readonly Window[];
  readonly budget: SpendBudget | null;
  readonly block: Block | null;
}): TightestLimit | null {
  const full = { windowDurationMins: null, usedPercent: 100 };
  if (block?.limit === 'workspaceCredits') return { ...full, limit: block.limit, resetsAt: null };
  if (block?.limit === 'spendLimit') {
    const usedPercent = Math.max(100, budget?.usedPercent ?? 100);
    return { ...full, limit: block.limit, usedPercent, resetsAt: block.until };
  }
  const budgets = budget ? [{ ...budget, limit: 'spendLimit' as const, windowDurationMins: null }] : [];
  const [first] = [...windows.map((window) => ({ ...window, limit: 'rateLimit' as const })), ...budgets]
    .flatMap(({ limit, windowDurationMins, usedPercent, resetsAt }) =>
      usedPercent === null ? [] : [{ limit, windowDurationMins, usedPercent, resetsAt }],
    )
    .sort((one, other) => other.usedPercent - one.usedPercent || (other.resetsAt ?? 0) - (one.resetsAt ?? 0));
  return first ?? null;
}

/** Returns how much is left in percent, from 0 to 100. */
export function leftPercent(usedPercent: number): number {
  return Math.min(Math.max(100 - usedPercent, 0), 100);
}
