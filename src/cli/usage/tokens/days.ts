/** A day of the chart. */
export interface Day {
  /** The day as text of the backend. */
  readonly text: string;
  /** Its start in UTC, in Unix milliseconds; null if the text is not a date. */
  readonly atMs: number | null;
  /** Null if the backend does not list the day. */
  readonly tokens: number | null;
}

const mostDays = 14;
const dayMs = 86_400_000;

/**
 * Returns the last days with use, at most two weeks of them. If all of them are dates, they are in their order, and days in
 * between that the backend does not list are added. Otherwise they are in the order of the backend.
 */
export function lastDays(buckets: readonly { readonly startDate: string; readonly tokens: number }[]): Day[] {
  const days = buckets.map(({ startDate, tokens }) => ({ text: startDate, atMs: dateOf(startDate), tokens }));
  const dated = days.filter((day): day is Day & { atMs: number; tokens: number } => day.atMs !== null);
  if (dated.length < days.length || dated.length === 0) return days.slice(-mostDays);
  const byDay = new Map(dated.map((day) => [day.atMs, day]));
  const times = [...byDay.keys()];
  const lastMs = times.reduce((one, other) => Math.max(one, other));
  const firstMs = Math.max(
    times.reduce((one, other) => Math.min(one, other)),
    lastMs - (mostDays - 1) * dayMs,
  );
  const count = (lastMs - firstMs) / dayMs + 1;
  return Array.from({ length: count }, (_, index) => {
    const atMs = firstMs + index * dayMs;
    return byDay.get(atMs) ?? { text: '', atMs, tokens: null };
  });
}

function dateOf(text: string): number | null {
  const [, date] = /^(\d{4}-\d\d-\d\d)(?:$|T)/.exec(text) ?? [];
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) ? null : ms;
}
