import type { UsageHistory } from '../../../protocol/schema/reports/usage-history.js';
import { plainText } from '../../terminal/plain-text.js';
import { paint, type RenderContext } from '../../terminal/text-style.js';
import { localTime } from '../../terminal/times.js';
import { padTo, widthOf, wrapped } from '../../terminal/wrapped-text.js';
import { type ChartSpan, chartOf, markLetters } from './chart.js';
import { historyEvents } from './event-texts.js';
import { type Mark, type Series, seriesOf } from './series.js';

/** A chart shows at most the last 30 days. */
const longestSecs = 30 * 86_400;

const widestChart = 98;
const indent = '  ';
const shownEvents = 10;

/** Shows a history: a chart of each window and spend limit, what the marks mean, and the last events. */
export function historyView(history: UsageHistory, context: RenderContext): string[] {
  const { nowMs, textStyle } = context;
  const series = seriesOf(history);
  const first = series.flatMap(({ points }) => points.slice(0, 1)).map(({ at }) => at);
  if (first.length === 0) {
    return wrapped(
      'No change of the limits of this login is recorded yet. Each usage records what has changed.',
      textStyle.columns,
    );
  }
  const to = Math.floor(nowMs / 1000);
  const span = { from: Math.min(Math.max(Math.min(...first), to - longestSecs), to - 60), to };
  return [
    ...series.flatMap((each) => seriesLines(each, span, context)),
    ...legendLines(series, span, textStyle.columns),
    ...eventLines(history, context),
  ];
}

function seriesLines(series: Series, span: ChartSpan, { nowMs, textStyle }: RenderContext): string[] {
  const columns = Math.max(Math.min(textStyle.columns - indent.length, widestChart), 1);
  const { use, marks } = chartOf(series, span, columns, textStyle.hasUnicode);
  const last = series.points.at(-1);
  const share = last && last.usedPercent !== null ? `${last.usedPercent} %` : 'gone';
  const changed = last ? `, ${share} at the last change, ${localTime(last.at, nowMs, textStyle)}` : '';
  const from = localTime(span.from, nowMs, textStyle);
  return [
    ...wrapped(`${plainText(series.name, textStyle)}${changed}`, textStyle.columns).map((line) =>
      paint('bold', line, textStyle),
    ),
    `${indent}${use.trimEnd()}`,
    ...(marks === '' ? [] : [`${indent}${marks}`]),
    paint('dim', `${indent}${padTo(Math.max(columns - 3, widthOf(from) + 1), from)}now`, textStyle),
    '',
  ];
}

const markTexts: Readonly<Record<Mark, string>> = {
  back: 'an earlier window came back',
  byRedemption: 'reset by a redemption',
  early: 'started again early',
  ended: 'ended',
};

/** Explains the marks that are shown. */
function legendLines(series: readonly Series[], { from }: ChartSpan, columns: number): string[] {
  const used = new Set(
    series.flatMap(({ points }) => points.flatMap(({ at, mark }) => (at < from ? [] : mark))),
  );
  const texts = (Object.keys(markLetters) as Mark[])
    .filter((mark) => used.has(mark))
    .map((mark) => `${markLetters[mark]} ${markTexts[mark]}`);
  return texts.length === 0 ? [] : [...wrapped(texts.join(', '), columns), ''];
}

function eventLines(history: UsageHistory, { nowMs, textStyle }: RenderContext): string[] {
  const events = historyEvents(history, textStyle);
  if (events.length === 0) return ['Nothing but use is recorded.'];
  const times = events.map(({ at }) => localTime(at, nowMs, textStyle));
  return events
    .map(({ text }, index) => wrapped(`${times[index] ?? ''}  ${text}`, textStyle.columns, { next: indent }))
    .slice(-shownEvents)
    .toReversed()
    .flat();
}
