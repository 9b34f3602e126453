import { type TightestLimit, tightestLimit } from '../../../limits/tightest.js';
import { ofLength, windowName } from '../../../limits/windows.js';
import type { UsageLimit, UsageReport, UsageWindow } from '../../../protocol/schema/reports/usage-report.js';
import { isOrdinary, limitOfName, type Presentation } from '../presentation.js';

/** A window or the budget, as the fields of `--format` show it. */
export interface Span extends Omit<UsageWindow, 'windowDurationMins'> {
  readonly name: string;
}

/** Which one: a window by its length in minutes, the budget, or the one that binds. */
export type Which = number | 'spend' | 'tightest';

/** Finds a window of the chosen limit, or the budget; undefined if there is none. */
export function spanOf(report: UsageReport, which: Which, presentation: Presentation): Span | undefined {
  if (which === 'spend') return report.budget ? { ...report.budget, name: 'spend limit' } : undefined;
  if (which === 'tightest') return tightestSpan(report, presentation);
  const window = ofLength(chosenLimit(report, presentation)?.windows ?? [], which);
  return window && { ...window, name: windowName(window.windowDurationMins) };
}

/** Returns what binds of the chosen limit; of the ordinary one, what blocks comes first. */
export function tightestOf(report: UsageReport, presentation: Presentation): TightestLimit | null {
  const limit = chosenLimit(report, presentation);
  if (!limit || isOrdinary(limit)) return limit ? report.tightest : null;
  return tightestLimit({ windows: limit.windows, budget: null, block: null });
}

/** Returns the limit that `--limit` names, else the ordinary one. Undefined if the account does not have it. */
export function chosenLimit(report: UsageReport, { limitName }: Presentation): UsageLimit | undefined {
  return limitName === undefined ? report.limits[0] : limitOfName(report, limitName);
}

function tightestSpan(report: UsageReport, presentation: Presentation): Span | undefined {
  const tightest = tightestOf(report, presentation);
  if (!tightest) return undefined;
  const { limit, windowDurationMins, usedPercent, resetsAt } = tightest;
  if (limit === 'workspaceCredits') return { name: 'credits', usedPercent, resetsAt, pace: null };
  if (limit === 'spendLimit') {
    return { name: 'spend limit', usedPercent, resetsAt, pace: report.budget?.pace ?? null };
  }
  const window = chosenLimit(report, presentation)?.windows.find(
    (each) => each.windowDurationMins === windowDurationMins && each.resetsAt === resetsAt,
  );
  return { name: windowName(windowDurationMins), usedPercent, resetsAt, pace: window?.pace ?? null };
}
