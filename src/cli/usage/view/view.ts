import { fitsClock } from '../../../limits/windows.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { blockReason } from './block-reason.js';
import { creditLines } from './credit-lines.js';
import { paint, type PaintStyle, type RenderContext, type TextStyle } from '../../terminal/text-style.js';
import { plainText } from '../../terminal/plain-text.js';
import { withoutJoints, wrapped } from '../../terminal/wrapped-text.js';
import { age, fullLocalTime, localClock, localTime } from '../../terminal/times.js';
import { missingLimitText, type Presentation, usualPresentation } from '../presentation.js';
import { windowLines } from './window-lines.js';

/** Renders the view of `usage`. No line is wider than the terminal. */
export function usageView(
  report: UsageReport,
  nowMs: number,
  textStyle: TextStyle,
  presentation: Presentation = usualPresentation,
): string[] {
  const { commandPrefix } = presentation;
  const warning = clockWarning(report, textStyle);
  const hasDurations = warning === undefined;
  const missing = missingLimitText(report, presentation);
  const windows =
    missing === undefined
      ? windowLines(report, { nowMs, textStyle, hasDurations, presentation })
      : wrapped(plainText(missing, textStyle), textStyle.columns);
  const lines = [
    ...headline(report, { nowMs, textStyle }),
    '',
    ...windows,
    ...(windows.length > 0 ? [''] : []),
    ...creditLines(report, { nowMs, textStyle, hasDurations, commandPrefix }),
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

/** Says whether use is allowed, as `usagePermission` decides: it does not follow from the percentages. */
export function headline(report: UsageReport, { nowMs, textStyle }: RenderContext): string[] {
  const [style, permission] = permissionText(report, { nowMs, textStyle });
  const [mark, dot] = textStyle.hasUnicode ? ['● ', ' · '] : ['', ' - '];
  const text = `${mark}${permission}${dot}plan ${report.planType ?? 'unknown'}`;
  return wrapped(plainText(text, textStyle), textStyle.columns).map((line) => paint(style, line, textStyle));
}

/** Writes `Blocked until 14:07: your spend limit is reached`, with its style. */
export function permissionText(
  report: UsageReport,
  { nowMs, textStyle }: RenderContext,
): readonly [PaintStyle, string] {
  const { permission, block } = report;
  const [style, word] = permissions[permission];
  const reason = blockReason(report);
  const until = block?.until ? ` until ${localTime(block.until, nowMs, textStyle)}` : '';
  return [style, `${word}${until}${reason && `: ${reason}`}`];
}

function readLine({ readAt }: UsageReport, nowMs: number, textStyle: TextStyle): string[] {
  const readAtMs = readAt * 1000;
  return wrapped(`Read ${localClock(readAtMs, textStyle)}, ${age(nowMs - readAtMs)}`, textStyle.columns);
}

/**
 * Warns if the reset times do not fit the clock of this machine: further away than their window is long, or in the past
 * although they were just read.
 */
export function clockWarning({ limits, readAt }: UsageReport, textStyle: TextStyle): string | undefined {
  const isUnlikely = limits
    .flatMap(({ windows }) => windows)
    .some((window) => !fitsClock(window, readAt * 1000));
  if (!isUnlikely) return undefined;
  const now = fullLocalTime(readAt, textStyle);
  return `The reset times do not fit the clock of this machine, which says ${now}: one of the two is wrong.`;
}
