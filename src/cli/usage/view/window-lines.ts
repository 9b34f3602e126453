import { roundedAmount } from '../../../limits/budget.js';
import { isStale, windowName } from '../../../limits/windows.js';
import type { UsageBudget, UsageReport, UsageWindow } from '../../../protocol/schema/reports/usage-report.js';
import { bar, shareText } from '../../terminal/bars.js';
import { paint, type TextStyle } from '../../terminal/text-style.js';
import { plainText } from '../../terminal/plain-text.js';
import { padTo, widthOf, wrapped } from '../../terminal/wrapped-text.js';
import { duration, isDate, localTime } from '../../terminal/times.js';
import { paceText } from '../format/pace-text.js';
import { isOrdinary, limitOfName, type Presentation, usualPresentation } from '../presentation.js';

interface Row {
  readonly name: string;
  /** The used part; null if it is unknown. */
  readonly percent: number | null;
  readonly reset: string;
  /** Lines below the row. */
  readonly notes: readonly string[];
}

interface WindowContext {
  readonly nowMs: number;
  readonly textStyle: TextStyle;
  /** Whether to show remaining times and the pace. They are wrong if the clock of this machine is. */
  readonly hasDurations: boolean;
  readonly presentation?: Presentation;
  /** The reports whose rows are to have the same columns; this one alone if undefined. */
  readonly alignedWith?: readonly UsageReport[];
}

const leastBar = 10;
const widestBar = 40;
const leastPercentColumns = 10;
const gaps = 6;

/**
 * Shows every window of every limit and the budget, on one line each if all of them fit, otherwise on three. Each limit
 * except the ordinary one has its name as a heading.
 */
export function windowLines(report: UsageReport, context: WindowContext): string[] {
  const { textStyle, presentation = usualPresentation, alignedWith = [report] } = context;
  const { showsLeft, barColumns } = presentation;
  const rows = alignedWith.flatMap((each) => groupsOf(each, context)).flatMap((group) => group.rows);
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));
  const columns = {
    name: widest(rows.map(({ name }) => name)),
    percent: Math.max(leastPercentColumns, widest(rows.map(({ percent }) => shareText(percent, showsLeft)))),
  };
  const room =
    textStyle.columns - columns.name - columns.percent - widest(rows.map((row) => row.reset)) - gaps;
  const render =
    room < (barColumns ?? leastBar)
      ? (row: Row) => stackedRow(row, barColumns ?? widestBar, showsLeft, textStyle)
      : (row: Row) =>
          oneLine(row, { ...columns, bar: barColumns ?? Math.min(room, widestBar) }, showsLeft, textStyle);
  return groupsOf(report, context).flatMap(({ heading, rows: own }, index) => [
    ...(index > 0 && own.length > 0 ? [''] : []),
    ...(heading !== undefined && own.length > 0
      ? wrapped(heading, textStyle.columns).map((line) => paint('bold', line, textStyle))
      : []),
    ...own.flatMap(render),
  ]);
}

/** Lists the limits to show, with their rows. */
function groupsOf(
  report: UsageReport,
  context: WindowContext,
): { readonly heading: string | undefined; readonly rows: readonly Row[] }[] {
  const { textStyle, presentation: { limitName } = usualPresentation } = context;
  const limits = limitName === undefined ? report.limits : [limitOfName(report, limitName) ?? []].flat();
  return limits.map((limit) => ({
    heading: isOrdinary(limit) ? undefined : plainText(limit.limitName ?? limit.limitId, textStyle),
    rows: [
      ...limit.windows.map((window) => rowOf(windowName(window.windowDurationMins), window, context)),
      ...(isOrdinary(limit) && report.budget ? [budgetRow(report.budget, context)] : []),
    ],
  }));
}

function rowOf(
  name: string,
  { usedPercent, resetsAt, pace }: Omit<UsageWindow, 'windowDurationMins'>,
  { nowMs, textStyle, hasDurations }: WindowContext,
): Row {
  if (resetsAt === null) return { name, percent: usedPercent, reset: '', notes: [] };
  const at = localTime(resetsAt, nowMs, textStyle);
  if (isStale({ resetsAt }, nowMs)) return { name, percent: null, reset: `was to reset ${at}`, notes: [] };
  if (!hasDurations || !isDate(resetsAt))
    return { name, percent: usedPercent, reset: `resets ${at}`, notes: [] };
  const reset = `resets ${at}, in ${duration(resetsAt * 1000 - nowMs)}`;
  const isAhead = pace?.verdict === 'ahead';
  const shares = `${usedPercent} % used after ${pace?.elapsedPercent} % of the time`;
  const notes = isAhead ? [`${paceText(pace, { nowMs, textStyle })} (${shares})`] : [];
  return { name, percent: usedPercent, reset, notes };
}

/** Shows the budget as a window, with its amounts below. */
function budgetRow(budget: UsageBudget, context: WindowContext): Row {
  const { notes, ...row } = rowOf('spend limit', budget, context);
  const { limit, used, left } = budget;
  const amounts =
    used === null
      ? `of ${roundedAmount(limit)}`
      : `${roundedAmount(used)} of ${roundedAmount(limit)} used${left === null ? '' : `, ${roundedAmount(left)} left`}`;
  return { ...row, notes: [plainText(amounts, context.textStyle), ...notes] };
}

function oneLine(
  { name, percent, reset, notes }: Row,
  columns: { readonly name: number; readonly bar: number; readonly percent: number },
  showsLeft: boolean,
  textStyle: TextStyle,
): string[] {
  const figures = shareText(percent, showsLeft).padStart(columns.percent);
  const drawn = bar(percent, columns.bar, { ...textStyle, showsLeft });
  const indent = ' '.repeat(columns.name + 2);
  return [
    `${padTo(columns.name, name)}  ${drawn}  ${figures}  ${reset}`.trimEnd(),
    ...notes.flatMap((note) => wrapped(note, textStyle.columns, { first: indent, next: indent })),
  ];
}

function stackedRow(
  { name, percent, reset, notes }: Row,
  barColumns: number,
  showsLeft: boolean,
  textStyle: TextStyle,
): string[] {
  const columns = Math.min(textStyle.columns, barColumns);
  const figures = ` ${shareText(percent, showsLeft)}`.padStart(columns - widthOf(name));
  return [
    ...wrapped(name + figures, textStyle.columns),
    bar(percent, columns, { ...textStyle, showsLeft }),
    ...[reset, ...notes].filter((line) => line !== '').flatMap((line) => wrapped(line, textStyle.columns)),
  ];
}
