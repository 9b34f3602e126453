import type { TokenUsageReport } from '../../../protocol/schema/reports/token-usage-report.js';
import { bar } from '../../terminal/bars.js';
import { labelledRows } from '../../terminal/labelled-rows.js';
import { plainText } from '../../terminal/plain-text.js';
import { paint, type RenderContext, type TextStyle } from '../../terminal/text-style.js';
import { age, calendarDay, duration, localClock } from '../../terminal/times.js';
import { padTo, widthOf, withoutJoints, wrapped } from '../../terminal/wrapped-text.js';
import { amountText } from './amount.js';
import { type Day, lastDays } from './days.js';

/** Renders the view of `usage --tokens`. No line is wider than the terminal. */
export function tokensView(
  { usage, readAt }: TokenUsageReport,
  { nowMs, textStyle }: RenderContext,
): string[] {
  const days = lastDays(usage.dailyUsageBuckets ?? []);
  const chart = chartLines(days, textStyle);
  const readAtMs = readAt * 1000;
  const isKnown = days.length > 0 || Object.values(usage.summary).some((value) => value !== null);
  const none = 'The backend reports no token activity of this account.';
  const lines = isKnown
    ? [...chart, ...(chart.length > 0 ? [''] : []), ...summaryLines(usage, textStyle)]
    : wrapped(none, textStyle.columns);
  const read = `Read ${localClock(readAtMs, textStyle)}, ${age(nowMs - readAtMs)}`;
  const last = wrapped(read, textStyle.columns).map((line) => paint('dim', line, textStyle));
  return [...lines, '', ...last].map(withoutJoints);
}

const [longestBar, shortestBar] = [30, 5];
const longestLabel = 20;

function chartLines(days: readonly Day[], textStyle: TextStyle): string[] {
  const most = Math.max(1, ...days.map(({ tokens }) => tokens ?? 0));
  const rows = days.map(({ tokens, atMs, text }) => ({
    label:
      atMs === null
        ? plainText(text, textStyle).slice(0, longestLabel)
        : plainText(calendarDay(atMs, textStyle), textStyle),
    amount: tokens === null ? (textStyle.hasUnicode ? '–' : '-') : amountText(tokens),
    percent: (Math.max(0, tokens ?? 0) / most) * 100,
  }));
  const labelColumns = Math.max(0, ...rows.map(({ label }) => widthOf(label)));
  const amountColumns = Math.max(0, ...rows.map(({ amount }) => widthOf(amount)));
  const room = textStyle.columns - labelColumns - amountColumns - 4;
  const style = { ...textStyle, paintStyle: 'green' } as const;
  return rows.flatMap(({ label, amount, percent }) => {
    if (room < shortestBar) return wrapped(`${label}  ${amount}`, textStyle.columns);
    const drawn = bar(percent, Math.min(room, longestBar), style);
    return [`${padTo(labelColumns, label)}  ${drawn}  ${amount.padStart(amountColumns)}`];
  });
}

function summaryLines({ summary }: TokenUsageReport['usage'], textStyle: TextStyle): string[] {
  const tokens = (count: number | null): string =>
    count === null ? 'unknown' : `${amountText(count)} token${count === 1 ? '' : 's'}`;
  const days = (count: number | null): string =>
    count === null ? 'unknown' : `${amountText(count)} day${count === 1 ? '' : 's'}`;
  const turn = summary.longestRunningTurnSec;
  const rows = [
    ['Lifetime', tokens(summary.lifetimeTokens)],
    ['Peak day', tokens(summary.peakDailyTokens)],
    ['Streak', `${days(summary.currentStreakDays)}, longest ${days(summary.longestStreakDays)}`],
    ['Longest turn', turn === null ? 'unknown' : duration(turn * 1000)],
  ] as const;
  return labelledRows(rows, textStyle.columns);
}
