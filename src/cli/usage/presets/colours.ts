import type { Bar } from './bar.js';

const colours = {
  green: '#3fa55b',
  yellow: '#d29922',
  red: '#e5534b',
  grey: '#8b949e',
} as const;

const levels = { ok: 'green', low: 'yellow', critical: 'red', blocked: 'red', unknown: 'grey' } as const;

/** The name of a bar's colour: that of its level, or grey if it is stale or the level is not known. */
export type Colour = keyof typeof colours;

export function colourOf({ level, isStale }: Pick<Bar, 'level' | 'isStale'>): Colour {
  return isStale ? 'grey' : levels[level];
}

/** Returns the colour as `#rrggbb`, chosen to be readable on light and dark bars. */
export function hexColourOf(bar: Pick<Bar, 'level' | 'isStale'>): string {
  return colours[colourOf(bar)];
}
