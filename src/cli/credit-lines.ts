import type { UsageReport } from '../protocol/usage-report.js';
import type { Look } from './look.js';
import { padTo, plainText, widthOf, wrapped } from './plain-text.js';
import { duration, localTime } from './times.js';

interface Moment {
  readonly nowMs: number;
  readonly look: Look;
  /** Whether the clock can be trusted for the time that is left. */
  readonly hasDurations: boolean;
}

const labels = { credits: 'Credits', spendLimit: 'Spend limit', resetCredits: 'Reset credits' } as const;
const labelColumns = Math.max(...Object.values(labels).map(widthOf)) + 2;

/** Bought credits, the spend limit, and the reset credits, the soonest expiry first. */
export function creditLines(report: UsageReport, moment: Moment): string[] {
  const { columns } = moment.look;
  const isNarrow = columns < labelColumns * 3;
  const fact = (label: string, value: string): string[] =>
    isNarrow
      ? wrapped(`${label}: ${value}`, columns, { next: '  ' })
      : wrapped(value, columns, { first: padTo(labelColumns, label), next: ' '.repeat(labelColumns) });
  return [
    ...fact(labels.credits, creditsText(report, moment.look)),
    ...fact(labels.spendLimit, spendLimitText(report, moment)),
    ...fact(labels.resetCredits, resetCreditsText(report, moment)),
    ...resetCreditRows(report, moment).flatMap((row) => wrapped(row, columns, { first: '  ', next: '    ' })),
  ];
}

function creditsText({ credits }: UsageReport, look: Look): string {
  if (!credits) return 'unknown';
  if (credits.unlimited) return 'unlimited';
  if (!credits.hasCredits) return 'none';
  return credits.balance === null ? 'some' : plainText(credits.balance, look);
}

function spendLimitText({ spendLimit, spendLimitReached }: UsageReport, moment: Moment): string {
  const reached = spendLimitReached ? ', reached' : '';
  if (!spendLimit) return `none${reached}`;
  const { used, limit, remainingPercent, resetsAt } = spendLimit;
  const amounts = plainText(`${used} of ${limit} used`, moment.look);
  return `${amounts}, ${remainingPercent} % left${reached}, resets ${timeText(resetsAt, moment)}`;
}

function resetCreditsText({ resetCredits }: UsageReport, moment: Moment): string {
  if (!resetCredits) return 'unknown';
  const { availableCount, soonestExpiresAt } = resetCredits;
  if (availableCount === 0) return 'none';
  if (soonestExpiresAt === null) return `${availableCount}`;
  const left = soonestExpiresAt * 1000 - moment.nowMs;
  const soonest = moment.hasDurations
    ? `in ${duration(left)}`
    : localTime(soonestExpiresAt, moment.nowMs, moment.look);
  return `${availableCount}, soonest expiry ${soonest}`;
}

const mostRows = 8;

function resetCreditRows({ resetCredits }: UsageReport, moment: Moment): string[] {
  const { credits, availableCount = 0 } = resetCredits ?? {};
  const rows = (credits ?? []).slice(0, mostRows).map(({ id, title, expiresAt }) => {
    const expiry = expiresAt === null ? 'never expires' : `expires ${timeText(expiresAt, moment)}`;
    return `${plainText(id, moment.look)}  ${plainText(title ?? 'Reset credit', moment.look)}, ${expiry}`;
  });
  const others = Math.max(availableCount, credits?.length ?? 0) - rows.length;
  return rows.length > 0 && others > 0 ? [...rows, `and ${others} more`] : rows;
}

function timeText(seconds: number, { nowMs, look, hasDurations }: Moment): string {
  const left = seconds * 1000 - nowMs;
  const at = localTime(seconds, nowMs, look);
  return hasDurations && left > 0 ? `${at}, in ${duration(left)}` : at;
}
