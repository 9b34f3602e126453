import type { RateLimitWindow } from '../protocol/rate-limits.js';
import type { RateLimitResetCreditsSummary } from '../protocol/reset-credits.js';

const barWidth = 24;

/** One window on one line: its name, a bar, the percentage, and the time to its reset. */
export function windowLine(window: RateLimitWindow, nowMs: number): string {
  const { usedPercent, windowDurationMins, resetsAt } = window;
  const filled = Math.round((Math.min(Math.max(usedPercent, 0), 100) / 100) * barWidth);
  const bar = '#'.repeat(filled) + '.'.repeat(barWidth - filled);
  const reset = resetsAt === null ? '' : `resets in ${duration(resetsAt * 1000 - nowMs)}`;
  return `${windowName(windowDurationMins).padEnd(8)} [${bar}] ${`${usedPercent} %`.padStart(5)}  ${reset}`.trimEnd();
}

/** The reset credits that can be used, soonest expiry first. */
export function creditLines(summary: RateLimitResetCreditsSummary | null, nowMs: number): string[] {
  if (!summary) return ['reset credits: unknown'];
  const available = (summary.credits ?? [])
    .filter(({ status }) => status === 'available')
    .toSorted((one, other) => (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity));
  return [
    `reset credits: ${summary.availableCount}`,
    ...available.map(({ id, title, expiresAt }) => {
      const expiry =
        expiresAt === null ? 'never expires' : `expires in ${duration(expiresAt * 1000 - nowMs)}`;
      return `  ${id}  ${title ?? 'reset credit'}, ${expiry}`;
    }),
  ];
}

function windowName(minutes: number | null): string {
  if (minutes === null) return 'window';
  if (minutes === 10_080) return 'weekly';
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} min`;
}

/** The two largest units: `2 d 3 h`, `4 h 59 min`, `12 min`. */
function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}
