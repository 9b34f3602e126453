import { ordinaryLimitId } from '../../limits/snapshots.js';
import { isStale, windowName } from '../../limits/windows.js';
import type { UsageReport, UsageWindow } from '../../protocol/schema/usage-report.js';
import { bar, percentText } from '../terminal/bars.js';
import { paint, type TextStyle } from '../terminal/text-style.js';
import { plainText } from '../terminal/plain-text.js';
import { padTo, widthOf, wrapped } from '../terminal/wrapped-text.js';
import { duration, localTime } from '../terminal/times.js';

interface Row {
  readonly name: string;
  readonly percent: number | null;
  readonly reset: string;
}

const leastBar = 10;
const widestBar = 40;
const leastPercentColumns = 5;
const gaps = 6;

/**
 * Shows every window of every limit, on one line each if all of them fit, otherwise on three. Each limit except the
 * ordinary one has its name as a heading.
 *
 * @param hasDurations whether to show remaining times; they are wrong if the clock of this machine is
 */
export function windowLines(
  { limits }: UsageReport,
  { nowMs, textStyle, hasDurations }: { nowMs: number; textStyle: TextStyle; hasDurations: boolean },
): string[] {
  const groups = limits.map(({ limitId, limitName, windows }) => ({
    heading: limitId === ordinaryLimitId ? undefined : plainText(limitName ?? limitId, textStyle),
    rows: windows.map((window) => rowOf(window, nowMs, textStyle, hasDurations)),
  }));
  const rows = groups.flatMap((group) => group.rows);
  const nameColumns = Math.max(0, ...rows.map(({ name }) => widthOf(name)));
  const resetColumns = Math.max(0, ...rows.map(({ reset }) => widthOf(reset)));
  const percentColumns = Math.max(
    leastPercentColumns,
    ...rows.map(({ percent }) => percentText(percent).length),
  );
  const room = textStyle.columns - nameColumns - resetColumns - percentColumns - gaps;
  const columns = { name: nameColumns, bar: Math.min(room, widestBar), percent: percentColumns };
  const render =
    room < leastBar
      ? (row: Row) => stackedRow(row, textStyle)
      : (row: Row) => [oneLine(row, columns, textStyle)];
  return groups.flatMap(({ heading, rows: own }, index) => [
    ...(index > 0 && own.length > 0 ? [''] : []),
    ...(heading !== undefined && own.length > 0
      ? wrapped(heading, textStyle.columns).map((line) => paint('bold', line, textStyle))
      : []),
    ...own.flatMap(render),
  ]);
}

function rowOf(
  { windowDurationMins, usedPercent, resetsAt }: UsageWindow,
  nowMs: number,
  textStyle: TextStyle,
  hasDurations: boolean,
): Row {
  const name = windowName(windowDurationMins);
  if (resetsAt === null) return { name, percent: usedPercent, reset: '' };
  const at = localTime(resetsAt, nowMs, textStyle);
  if (isStale({ resetsAt }, nowMs)) return { name, percent: null, reset: `was to reset ${at}` };
  const left = hasDurations ? `, in ${duration(resetsAt * 1000 - nowMs)}` : '';
  return { name, percent: usedPercent, reset: `resets ${at}${left}` };
}

function oneLine(
  { name, percent, reset }: Row,
  columns: { name: number; bar: number; percent: number },
  textStyle: TextStyle,
): string {
  const figures = percentText(percent).padStart(columns.percent);
  return `${padTo(columns.name, name)}  ${bar(percent, columns.bar, textStyle)}  ${figures}  ${reset}`.trimEnd();
}

function stackedRow({ name, percent, reset }: Row, textStyle: TextStyle): string[] {
  const columns = Math.min(textStyle.columns, widestBar);
  const figures = ` ${percentText(percent)}`.padStart(columns - widthOf(name));
  return [
    ...wrapped(name + figures, textStyle.columns),
    bar(percent, columns, textStyle),
    ...(reset === '' ? [] : wrapped(reset, textStyle.columns)),
  ];
}
