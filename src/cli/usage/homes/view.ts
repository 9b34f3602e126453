import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { plainText } from '../../terminal/plain-text.js';
import { paint, type RenderContext, type TextStyle } from '../../terminal/text-style.js';
import { age } from '../../terminal/times.js';
import { widthOf, withoutJoints, wrapped, wrappedMessage } from '../../terminal/wrapped-text.js';
import { creditsText, resetAdvice, resetCreditsText } from '../view/credit-lines.js';
import { reportNow } from '../output.js';
import { missingLimitText, type Presentation } from '../presentation.js';
import { clockWarning, headline, usageView } from '../view/view.js';
import { windowLines } from '../view/window-lines.js';
import type { HomeGroup } from './groups.js';
import { commandPrefix } from './named.js';

interface HomesContext extends RenderContext {
  readonly presentation: Presentation;
  /** Whether there are no other groups: this one is shown as `usage` without `--home` does. */
  readonly isAlone: boolean;
}

/**
 * Renders the groups below each other, each with its label.
 *
 * @param rows how many lines there is room for. If the groups need more, each has only what binds
 */
export function homesView(groups: readonly HomeGroup[], context: HomesContext, rows = Infinity): string[] {
  const { nowMs, textStyle } = context;
  const reports = groups.map(({ state }) => reportNow(state, nowMs));
  const known = reports.filter((report) => report !== undefined);
  if (context.isAlone) return groups.flatMap((group) => fullView(group, known, context));
  const warning = known.map((report) => clockWarning(report, textStyle)).find((text) => text !== undefined);
  const warningLines = warning === undefined ? [] : ['', ...painted('yellow', warning, textStyle)];
  const lines = groups.flatMap((group, index) => [
    ...(index > 0 ? [''] : []),
    ...groupLines(group, reports[index], { ...context, alignedWith: known, isShort: false }),
  ]);
  if (lines.length + warningLines.length <= rows) return [...lines, ...warningLines];
  const alignedWith = known.map(withTightest);
  return groups.flatMap((group, index) => {
    const report = reports[index];
    return groupLines(group, report && withTightest(report), { ...context, alignedWith, isShort: true });
  });
}

/** Returns the report with the limit that binds alone. */
function withTightest(report: UsageReport): UsageReport {
  const { tightest, limits, budget } = report;
  const windows = limits[0]?.windows.filter(
    (each) =>
      tightest?.limit === 'rateLimit' &&
      each.windowDurationMins === tightest.windowDurationMins &&
      each.resetsAt === tightest.resetsAt,
  );
  return {
    ...report,
    limits: limits.slice(0, 1).map((limit) => ({ ...limit, windows: windows ?? [] })),
    budget: tightest?.limit === 'spendLimit' ? budget : null,
  };
}

function fullView(
  group: HomeGroup,
  reports: readonly UsageReport[],
  { nowMs, textStyle, presentation }: HomesContext,
): string[] {
  const ofHome = { ...presentation, commandPrefix: commandPrefix(group.names[0]) };
  return [
    ...labelLines(group, textStyle),
    ...reports.flatMap((report) => usageView(report, nowMs, textStyle, ofHome)),
    ...stateLines(group, textStyle),
  ];
}

/** Renders a group in few lines: on a screen there may be many. All except its label is indented. */
function groupLines(
  group: HomeGroup,
  report: UsageReport | undefined,
  {
    nowMs,
    textStyle: { columns, ...style },
    presentation,
    alignedWith,
    isShort,
  }: HomesContext & { readonly alignedWith: readonly UsageReport[]; readonly isShort: boolean },
): string[] {
  const textStyle = { ...style, columns: columns - indent.length };
  const labels = labelLines(group, { ...style, columns });
  const state = stateLines(group, textStyle);
  if (!report) return [...labels, ...indented(state)];
  const heads = headline(report, { nowMs, textStyle });
  const joined = `${labels[0]}${indent}${heads[0]}`;
  const isJoined = labels.length + heads.length === 2 && widthOf(joined) <= columns;
  const context = { nowMs, textStyle, hasDurations: clockWarning(report, textStyle) === undefined };
  const missing = missingLimitText(report, presentation);
  return [
    ...(isJoined ? [joined] : [...labels, ...indented(heads)]),
    ...indented([
      ...(missing === undefined
        ? windowLines(report, { ...context, presentation, alignedWith })
        : wrapped(plainText(missing, textStyle), textStyle.columns)),
      ...(isShort ? [] : painted('dim', factsOf(report, context), textStyle)),
      ...(report.resetWouldHelp && !isShort
        ? wrappedMessage(resetAdvice(commandPrefix(group.names[0])), textStyle.columns)
        : []),
      ...state,
    ]),
  ].map(withoutJoints);
}

const indent = '  ';

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : indent + line));
}

/** Writes `Credits: 12.50 · Reset credits: 2, soonest expiry in 3 d 0 h · read just now`. */
function factsOf(report: UsageReport, context: RenderContext & { readonly hasDurations: boolean }): string {
  const { nowMs, textStyle } = context;
  const facts = [
    ['Credits', creditsText(report, textStyle)],
    ['Reset credits', resetCreditsText(report, context)],
  ].filter(([, value]) => value !== 'none' && value !== 'unknown');
  const read = `${facts.length > 0 ? 'read' : 'Read'} ${age(nowMs - report.readAt * 1000)}`;
  const texts = [...facts.map(([name, value]) => `${name}: ${value}`), read];
  return texts.join(textStyle.hasUnicode ? ' · ' : ' - ');
}

/** Writes `~/work, ~/other (same account)`. */
function labelLines({ names }: HomeGroup, textStyle: TextStyle): string[] {
  const texts = names.map(({ label, same }) => (same === null ? label : `${label} (same ${same})`));
  return painted('bold', plainText(texts.join(', '), textStyle), textStyle);
}

/** Says why there is no read, or no newer one. */
function stateLines({ state: { read, failure } }: HomeGroup, textStyle: TextStyle): string[] {
  if (failure) return painted('red', plainText(failure.error.message, textStyle), textStyle);
  return read ? [] : [textStyle.hasUnicode ? 'Reading …' : 'Reading ...'];
}

function painted(style: Parameters<typeof paint>[0], text: string, textStyle: TextStyle): string[] {
  return wrappedMessage(text, textStyle.columns).map((line) => paint(style, line, textStyle));
}
