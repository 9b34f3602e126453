import { roundedAmount } from '../../../limits/budget.js';
import { isStale, windowName } from '../../../limits/windows.js';
import type { UsageLimit, UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { shareText } from '../../terminal/bars.js';
import { plainText } from '../../terminal/plain-text.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { age, duration, isDate } from '../../terminal/times.js';
import { blockReason } from '../view/block-reason.js';
import { isOrdinary, limitOfName, missingLimitText, type Presentation } from '../presentation.js';
import type { BarState } from './bar.js';

const permissions = {
  allowed: 'Use is allowed',
  blocked: 'Use is blocked',
  unknown: 'Not known whether use is allowed',
} as const;

const longestLine = 100;

/**
 * Returns the lines of a tooltip or a menu: every limit with its windows, and what has failed. Has no times of day,
 * because Intl takes milliseconds to load.
 */
export function detailLines(
  { report, failure }: BarState,
  presentation: Presentation,
  { nowMs, textStyle }: RenderContext,
): string[] {
  const lines = [
    ...(failure ? [failure.error.message] : []),
    ...(report ? reportLines(report, presentation, nowMs) : []),
  ];
  return lines.map((line) => shortened(plainText(line, textStyle)));
}

function reportLines(report: UsageReport, presentation: Presentation, nowMs: number): string[] {
  const { limitName } = presentation;
  const missing = missingLimitText(report, presentation);
  const chosen = limitName === undefined ? report.limits : [limitOfName(report, limitName) ?? []].flat();
  const reason = blockReason(report);
  return [
    permissions[report.permission] + (reason && `: ${reason}`),
    ...(missing === undefined ? [] : [missing]),
    ...chosen.flatMap((limit) => limitLines(limit, report, presentation, nowMs)),
    ...(report.resetCredits ? [`reset credits: ${report.resetCredits.availableCount}`] : []),
    `read ${age(nowMs - report.readAt * 1000)}`,
  ];
}

function limitLines(
  limit: UsageLimit,
  { budget }: UsageReport,
  { showsLeft }: Presentation,
  nowMs: number,
): string[] {
  const name = isOrdinary(limit) ? '' : `${shortened(limit.limitName ?? limit.limitId, longestName)}, `;
  const lines = limit.windows.map(
    ({ windowDurationMins, usedPercent, resetsAt }) =>
      `${name}${windowName(windowDurationMins)}: ${shareOf(usedPercent, resetsAt, showsLeft, nowMs)}`,
  );
  if (!isOrdinary(limit) || !budget) return lines;
  const amounts =
    budget.used === null ? '' : `, ${roundedAmount(budget.used)} of ${roundedAmount(budget.limit)} used`;
  return [
    ...lines,
    `spend limit: ${shareOf(budget.usedPercent, budget.resetsAt, showsLeft, nowMs)}${amounts}`,
  ];
}

const longestName = 40;

function shareOf(
  usedPercent: number | null,
  resetsAt: number | null,
  showsLeft: boolean,
  nowMs: number,
): string {
  const hasEnded = resetsAt !== null && isStale({ resetsAt }, nowMs);
  const share = shareText(hasEnded ? null : usedPercent, showsLeft);
  const isToCome = resetsAt !== null && isDate(resetsAt) && !hasEnded;
  return isToCome ? `${share}, resets in ${duration(resetsAt * 1000 - nowMs)}` : share;
}

function shortened(text: string, longest = longestLine): string {
  const letters = Array.from(text);
  return letters.length > longest ? `${letters.slice(0, longest - 3).join('')}...` : text;
}
