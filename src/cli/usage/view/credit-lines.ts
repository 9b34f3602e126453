import type { RateLimitResetCredit } from '../../../protocol/schema/reset-credits.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import type { RenderContext, TextStyle } from '../../terminal/text-style.js';
import { plainText } from '../../terminal/plain-text.js';
import { padTo, widthOf, wrapped } from '../../terminal/wrapped-text.js';
import { duration, localTime } from '../../terminal/times.js';
import { hasNoSpendLimit } from '../report.js';

export interface CreditContext extends RenderContext {
  /** Whether to show remaining times. They are wrong if the clock of this machine is. */
  readonly hasDurations: boolean;
  /** Precedes a command to type. */
  readonly commandPrefix?: string | undefined;
}

const labels = { credits: 'Credits', spendLimit: 'Spend limit', resetCredits: 'Reset credits' } as const;
const labelColumns = Math.max(...Object.values(labels).map(widthOf)) + 2;

/** Shows bought credits, the spend limit unless it is shown as a budget, and the reset credits: the soonest expiry first, unknown ones last. */
export function creditLines(report: UsageReport, context: CreditContext): string[] {
  const { columns } = context.textStyle;
  const isNarrow = columns < labelColumns * 3;
  const fact = (label: string, value: string): string[] =>
    isNarrow
      ? wrapped(`${label}: ${value}`, columns, { next: '  ' })
      : wrapped(value, columns, { first: padTo(labelColumns, label), next: ' '.repeat(labelColumns) });
  return [
    ...fact(labels.credits, creditsText(report, context.textStyle)),
    ...(report.budget ? [] : fact(labels.spendLimit, spendLimitText(report))),
    ...fact(labels.resetCredits, resetCreditsText(report, context)),
    ...resetCreditRows(report, context).flatMap((row) =>
      wrapped(row, columns, { first: '  ', next: '    ' }),
    ),
    ...(report.resetWouldHelp
      ? wrapped(resetAdvice(context.commandPrefix), columns, { first: '  ', next: '    ' })
      : []),
  ];
}

export function resetAdvice(commandPrefix = ''): string {
  return `A reset credit would end the block now: ${commandPrefix}codex-account-server redeem`;
}

export function creditsText({ credits }: UsageReport, textStyle: TextStyle): string {
  if (!credits) return 'unknown';
  if (credits.unlimited) return 'unlimited';
  if (!credits.hasCredits) return 'none';
  return credits.balance === null ? 'some' : plainText(credits.balance, textStyle);
}

function spendLimitText(report: UsageReport): string {
  if (hasNoSpendLimit(report)) return 'none';
  return report.spendLimitReached ? 'unknown, reached' : 'unknown';
}

export function resetCreditsText({ resetCredits }: UsageReport, context: CreditContext): string {
  if (!resetCredits) return 'unknown';
  const { availableCount, soonestExpiresAt, credits, creditsOfUnknownExpiry } = resetCredits;
  if (availableCount === 0) return 'none';
  if (soonestExpiresAt === null) return `${availableCount}`;
  const left = soonestExpiresAt * 1000 - context.nowMs;
  const time = context.hasDurations
    ? `in ${duration(left)}`
    : localTime(soonestExpiresAt, context.nowMs, context.textStyle);
  const isEachKnown = creditsOfUnknownExpiry.length === 0 && (credits?.length ?? 0) >= availableCount;
  return `${availableCount}, soonest ${isEachKnown ? '' : 'known '}expiry ${time}`;
}

const mostRows = 8;

function resetCreditRows({ resetCredits }: UsageReport, context: CreditContext): string[] {
  if (!resetCredits) return [];
  const { credits, creditsOfUnknownExpiry, availableCount } = resetCredits;
  const listed: CreditRow[] = [...(credits ?? []), ...creditsOfUnknownExpiry];
  const rows = listed.slice(0, mostRows).map(({ id, title, expiresAt }) => {
    const name = plainText(title ?? 'Reset credit', context.textStyle);
    return `${plainText(id, context.textStyle)}  ${name}, ${expiryText(expiresAt, context)}`;
  });
  const others = Math.max(availableCount, listed.length) - rows.length;
  return rows.length > 0 && others > 0 ? [...rows, `and ${others} more`] : rows;
}

type CreditRow = Pick<RateLimitResetCredit, 'id' | 'title'> &
  Partial<Pick<RateLimitResetCredit, 'expiresAt'>>;

function expiryText(expiresAt: CreditRow['expiresAt'], context: CreditContext): string {
  if (expiresAt === undefined) return 'expiry unknown';
  return expiresAt === null ? 'never expires' : `expires ${timeText(expiresAt, context)}`;
}

function timeText(seconds: number, { nowMs, textStyle, hasDurations }: CreditContext): string {
  const left = seconds * 1000 - nowMs;
  const at = localTime(seconds, nowMs, textStyle);
  return hasDurations && left > 0 ? `${at}, in ${duration(left)}` : at;
}
