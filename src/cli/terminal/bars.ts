import { leftPercent } from '../../limits/tightest.js';
import { paint, type PaintStyle, type TextStyle } from './text-style.js';

interface BarStyle extends Pick<TextStyle, 'hasColour' | 'hasUnicode'> {
  /** Whether to show what is left in place of what is used. */
  readonly showsLeft?: boolean;
  /** The colour; without one it depends on the used part. */
  readonly paintStyle?: PaintStyle;
}

/**
 * Draws a bar of the used part, or of what is left. Only 0 % and an unknown share (null) look empty, only 100 % looks full.
 */
export function bar(usedPercent: number | null, columns: number, style: BarStyle): string {
  const [full, empty] = style.hasUnicode ? ['█', '░'] : ['#', '.'];
  if (usedPercent === null) return paint('dim', empty.repeat(columns), style);
  const percent = style.showsLeft ? leftPercent(usedPercent) : usedPercent;
  const share = Math.min(Math.max(percent, 0), 100) / 100;
  const least = share > 0 ? 1 : 0;
  const most = share < 1 ? columns - 1 : columns;
  const filled = Math.max(Math.min(Math.round(share * columns), most), least);
  return (
    paint(style.paintStyle ?? styleOf(usedPercent), full.repeat(filled), style) +
    paint('dim', empty.repeat(columns - filled), style)
  );
}

/** Formats a share: `42 % used` or `58 % left`; `? % used` if it is unknown. */
export function shareText(usedPercent: number | null, showsLeft: boolean): string {
  if (!showsLeft) return `${usedPercent ?? '?'} % used`;
  return `${usedPercent === null ? '?' : leftPercent(usedPercent)} % left`;
}

function styleOf(usedPercent: number): 'red' | 'yellow' | 'green' {
  if (usedPercent >= 90) return 'red';
  return usedPercent >= 70 ? 'yellow' : 'green';
}
