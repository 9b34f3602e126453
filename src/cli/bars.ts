import type { Look } from './look.js';
import { paint } from './paint.js';

/**
 * A bar of that many columns; null is a share that nobody knows. Only 0 % looks empty, and only 100 % full.
 */
export function bar(percent: number | null, columns: number, look: Look): string {
  const [full, empty] = look.hasUnicode ? ['█', '░'] : ['#', '.'];
  if (percent === null) return paint('dim', empty.repeat(columns), look);
  const share = Math.min(Math.max(percent, 0), 100) / 100;
  const least = share > 0 ? 1 : 0;
  const most = share < 1 ? columns - 1 : columns;
  const filled = Math.max(Math.min(Math.round(share * columns), most), least);
  return (
    paint(styleOf(percent), full.repeat(filled), look) + paint('dim', empty.repeat(columns - filled), look)
  );
}

/** `42 %`, or `? %` where nobody knows. */
export function percentText(percent: number | null): string {
  return `${percent ?? '?'} %`;
}

function styleOf(percent: number): 'red' | 'yellow' | 'green' {
  if (percent >= 90) return 'red';
  return percent >= 70 ? 'yellow' : 'green';
}
