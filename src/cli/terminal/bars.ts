import { paint, type TextStyle } from './text-style.js';

/** Draws a bar; null is an unknown share. Only 0 % looks empty, and only 100 % full. */
export function bar(
  percent: number | null,
  columns: number,
  textStyle: Pick<TextStyle, 'hasColour' | 'hasUnicode'>,
): string {
  const [full, empty] = textStyle.hasUnicode ? ['█', '░'] : ['#', '.'];
  if (percent === null) return paint('dim', empty.repeat(columns), textStyle);
  const share = Math.min(Math.max(percent, 0), 100) / 100;
  const least = share > 0 ? 1 : 0;
  const most = share < 1 ? columns - 1 : columns;
  const filled = Math.max(Math.min(Math.round(share * columns), most), least);
  return (
    paint(styleOf(percent), full.repeat(filled), textStyle) +
    paint('dim', empty.repeat(columns - filled), textStyle)
  );
}

/** `42 %`, or `? %` if it is unknown. */
export function percentText(percent: number | null): string {
  return `${percent ?? '?'} %`;
}

function styleOf(percent: number): 'red' | 'yellow' | 'green' {
  if (percent >= 90) return 'red';
  return percent >= 70 ? 'yellow' : 'green';
}
