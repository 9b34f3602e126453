import { leftPercent } from '../../../limits/tightest.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { chosenLimit, tightestOf } from './spans.js';
import { isOrdinary, type Presentation } from '../presentation.js';

export type Level = 'ok' | 'low' | 'critical' | 'blocked' | 'unknown';

/**
 * Returns the state in one word. The part that is left of the limit that binds counts even if it is unknown whether use
 * is allowed, but then there is no `ok`.
 */
export function levelOf(report: UsageReport | undefined, presentation: Presentation): Level {
  if (!report) return 'unknown';
  if (report.permission === 'blocked') return 'blocked';
  const tightest = tightestOf(report, presentation);
  if (!tightest && !isUnlimited(report, presentation)) return 'unknown';
  const left = tightest ? leftPercent(tightest.usedPercent) : 100;
  if (left <= presentation.criticalPercent) return 'critical';
  if (left <= presentation.lowPercent) return 'low';
  return report.permission === 'allowed' ? 'ok' : 'unknown';
}

/** Returns whether the chosen limit is there, but has neither a window nor a budget. */
function isUnlimited(report: UsageReport, presentation: Presentation): boolean {
  const limit = chosenLimit(report, presentation);
  return limit?.windows.length === 0 && !(isOrdinary(limit) && report.budget);
}
