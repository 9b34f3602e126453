import type { UsageReport } from '../../protocol/schema/usage-report.js';
import { creditLines } from './credit-lines.js';
import { paint, type TextStyle } from '../terminal/text-style.js';
import { plainText } from '../terminal/plain-text.js';
import { withoutJoints, wrapped } from '../terminal/wrapped-text.js';
import { age, fullLocalTime, localClock } from '../terminal/times.js';
import { windowLines } from './window-lines.js';

/** Renders the view of `usage`. No line is wider than the terminal. */
export function usageView(report: UsageReport, nowMs: number, textStyle: TextStyle): string[] {
  const warning = clockWarning(report, textStyle);
  const hasDurations = warning === undefined;
  const windows = windowLines(report, { nowMs, textStyle, hasDurations });
  const lines = [
    ...headline(report, textStyle),
    '',
    ...windows,
    ...(windows.length > 0 ? [''] : []),
    ...creditLines(report, { nowMs, textStyle, hasDurations }),
    '',
    ...readLine(report, nowMs, textStyle).map((line) => paint('dim', line, textStyle)),
    ...(warning === undefined
      ? []
      : wrapped(warning, textStyle.columns).map((line) => paint('yellow', line, textStyle))),
  ];
  return lines.map(withoutJoints);
}

const permissions = {
  allowed: ['green', 'Allowed'],
  blocked: ['red', 'Blocked'],
  unknown: ['yellow', 'Not known whether use is allowed'],
} as const;

const blockReasons = {
  rate_limit_reached: 'the rate limit is reached',
  workspace_owner_credits_depleted: 'the credits of the workspace are used up',
  workspace_member_credits_depleted: 'your credits in the workspace are used up',
  workspace_owner_usage_limit_reached: 'the usage limit of the workspace is reached',
  workspace_member_usage_limit_reached: 'your usage limit in the workspace is reached',
} as const;

/** Says whether use is allowed, according to the backend: it does not follow from the percentages. */
export function headline(report: UsageReport, textStyle: TextStyle): string[] {
  const { permission, planType } = report;
  const [style, word] = permissions[permission];
  const reason = reasonOf(report);
  const [mark, dot] = textStyle.hasUnicode ? ['● ', ' · '] : ['', ' - '];
  const text = `${mark}${word}${reason && `: ${reason}`}${dot}plan ${planType ?? 'unknown'}`;
  return wrapped(plainText(text, textStyle), textStyle.columns).map((line) => paint(style, line, textStyle));
}

/** Says why use is blocked. After a window has ended the reason may no longer apply. */
function reasonOf({ permission, limits, limitReached, spendLimitReached }: UsageReport): string {
  const hasEnded = limits[0]?.windows.some(({ usedPercent }) => usedPercent === null);
  if (permission === 'unknown' && hasEnded) return '';
  if (limitReached) return blockReasons[limitReached];
  return spendLimitReached ? 'the spend limit is reached' : '';
}

function readLine({ readAt }: UsageReport, nowMs: number, textStyle: TextStyle): string[] {
  const readAtMs = readAt * 1000;
  return wrapped(`Read ${localClock(readAtMs, textStyle)}, ${age(nowMs - readAtMs)}`, textStyle.columns);
}

const clockLeewaySecs = 300;

/**
 * Warns if the reset times do not fit the clock of this machine: further away than their window is long, or in the past
 * although they were just read.
 */
function clockWarning({ limits, readAt }: UsageReport, textStyle: TextStyle): string | undefined {
  const isUnlikely = limits
    .flatMap(({ windows }) => windows)
    .some(({ resetsAt, windowDurationMins }) => {
      if (resetsAt === null) return false;
      const leftSecs = resetsAt - readAt;
      const longestSecs = (windowDurationMins ?? Infinity) * 60;
      return leftSecs < -clockLeewaySecs || leftSecs > longestSecs + clockLeewaySecs;
    });
  if (!isUnlikely) return undefined;
  const now = fullLocalTime(readAt, textStyle);
  return `The reset times do not fit the clock of this machine, which says ${now}: one of the two is wrong.`;
}
