const unitsMs = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads a duration such as `90s`, `30m`, `6h`, `1h30m` or `7d`, in milliseconds. A number without a unit is in seconds.
 *
 * @throws Error whose message names the option
 */
export function readDuration(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d{1,9})(min|[smhd])/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  const ms = /^\d{1,9}$/.test(text)
    ? Number(text) * 1_000
    : isWhole
      ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitsMs[unit as keyof typeof unitsMs], 0)
      : NaN;
  if (ms > 0 && ms <= longestMs) return ms;
  throw new Error(`${option} takes a duration such as 90s, 30m, 6h or 7d, not '${text}'`);
}

const longestMs = 366 * unitsMs.d;
