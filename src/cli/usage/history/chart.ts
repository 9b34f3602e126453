import type { Mark, Series } from './series.js';

/** The time that a chart shows, in Unix seconds. */
export interface ChartSpan {
  readonly from: number;
  readonly to: number;
}

/** A chart: a row with the use of each column, and one with the marks below it. */
export interface Chart {
  readonly use: string;
  readonly marks: string;
}

/** The letters of marks, the most important first: a column has room for one. */
export const markLetters: Readonly<Record<Mark, string>> = {
  back: '!',
  byRedemption: 'C',
  early: 'e',
  ended: 'r',
};
const byImportance = Object.keys(markLetters) as Mark[];

/**
 * Draws the use over time. Each column shows the most that was used in it, and nothing while that is not known.
 *
 * @param columns the length of the rows
 */
export function chartOf(
  { points }: Series,
  { from, to }: ChartSpan,
  columns: number,
  hasUnicode: boolean,
): Chart {
  const step = (to - from) / columns;
  let use = '';
  let marks = '';
  for (let column = 0; column < columns; column += 1) {
    const [start, end] = [from + column * step, from + (column + 1) * step];
    const isLast = column === columns - 1;
    const inside = points.filter(({ at }) => at >= start && (at < end || (isLast && at <= to)));
    const last = points.findLast(({ at }) => at < start);
    const carried = last && last.until > start ? [last] : [];
    const known = [...carried, ...inside].flatMap(({ usedPercent }) => usedPercent ?? []);
    use += known.length === 0 ? ' ' : glyph(Math.max(...known), hasUnicode);
    const mark = byImportance.find((each) => inside.some((point) => point.mark === each));
    marks += mark ? markLetters[mark] : ' ';
  }
  return { use, marks: marks.trimEnd() };
}

/**
 * Returns the block of a percentage: the lowest only for 0 %, and the highest only for 100 %. In ASCII, the tens of the
 * percentage, and # for 100 %.
 */
function glyph(usedPercent: number, hasUnicode: boolean): string {
  const percent = Math.min(Math.max(usedPercent, 0), 100);
  if (!hasUnicode) return percent === 100 ? '#' : `${Math.floor(percent / 10)}`;
  const inner = '▂▃▄▅▆▇';
  if (percent === 0) return '▁';
  return percent === 100 ? '█' : inner.charAt(Math.min(Math.floor((percent * inner.length) / 100), 5));
}
