import { roundedAmount } from '../../../limits/budget.js';
import { leftPercent } from '../../../limits/tightest.js';
import { isStale } from '../../../limits/windows.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { bar } from '../../terminal/bars.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { ageText, duration, isDate, localTime } from '../../terminal/times.js';
import { paceText } from './pace-text.js';
import type { Presentation } from '../presentation.js';
import { hasNoSpendLimit } from '../report.js';
import { type Span, spanOf, type Which } from './spans.js';

interface FieldContext extends RenderContext {
  readonly report: UsageReport;
  readonly presentation: Presentation;
}

/** Returns the value of a field; null or undefined if it is not known. */
export type Field = (context: FieldContext) => string | number | null | undefined;

type Fields<Value> = Readonly<Record<string, readonly [meaning: string, Value]>>;

/** The fields of the account, each with its line in the help text. */
export const plainFields: Fields<Field> = {
  plan: ['the plan', ({ report }) => report.planType],
  permission: ['allowed, blocked or unknown', ({ report }) => report.permission],
  tightest: ['percent used of the limit that binds', (context) => usedPercent(context, 'tightest')],
  credits: ['the balance of bought credits', ({ report }) => balanceOf(report)],
  spendUsed: [
    'percent used of the spend limit; none without a limit',
    (context) => usedPercent(context, 'spend') ?? noSpendLimit(context),
  ],
  spendLeft: ['percent left of it', (context) => percentLeft(context, 'spend') ?? noSpendLimit(context)],
  spendUsedAmount: ['the amount used', ({ report }) => amountOf(report.budget?.used)],
  spendLeftAmount: ['the amount left', ({ report }) => amountOf(report.budget?.left)],
  spendLimit: ['the amount of the limit', ({ report }) => amountOf(report.budget?.limit)],
  spendResetsIn: [
    'the time until it resets',
    (context) => timeLeft(context, context.report.budget?.resetsAt),
  ],
  resetCredits: ['the number of reset credits', ({ report }) => report.resetCredits?.availableCount],
  expiry: [
    'when the first reset credit expires, if known',
    (context) => timeOf(context, context.report.resetCredits?.soonestExpiresAt),
  ],
  expiryIn: [
    'the time until then',
    (context) => timeLeft(context, context.report.resetCredits?.soonestExpiresAt),
  ],
  age: ['the time since the values were read', ({ report, nowMs }) => ageText(nowMs - report.readAt * 1000)],
  readAt: ['when the values were read', (context) => timeOf(context, context.report.readAt)],
};

/** The fields of a window, `{window:300}`, of the budget, `{window:spend}`, and of what binds, `{tightest:left}`. */
export const windowFields: Fields<(which: Which) => Field> = {
  window: ['percent used', (which) => (context) => usedPercent(context, which)],
  left: ['percent left', (which) => (context) => percentLeft(context, which)],
  bar: ['percent used as a bar; left with --left', (which) => (context) => barOf(context, which)],
  name: ['its name', (which) => (context) => find(context, which)?.name],
  resetsAt: ['when it resets', (which) => (context) => timeOf(context, find(context, which)?.resetsAt)],
  resetsIn: [
    'the time until then',
    (which) => (context) => timeLeft(context, find(context, which)?.resetsAt),
  ],
  pace: ['use against time; empty while that says nothing', (which) => (context) => paceOf(context, which)],
};

function find({ report, presentation }: FieldContext, which: Which): Span | undefined {
  return spanOf(report, which, presentation);
}

function usedPercent(context: FieldContext, which: Which): number | null | undefined {
  const span = find(context, which);
  return span && isStale(span, context.nowMs) ? null : span?.usedPercent;
}

function percentLeft(context: FieldContext, which: Which): number | undefined {
  const used = usedPercent(context, which);
  return typeof used === 'number' ? leftPercent(used) : undefined;
}

const usualBarColumns = 10;

/** Draws a bar without colours, because status bars have their own syntax for them. */
function barOf(context: FieldContext, which: Which): string {
  const { showsLeft, barColumns = usualBarColumns } = context.presentation;
  const { hasUnicode } = context.textStyle;
  return bar(usedPercent(context, which) ?? null, barColumns, { hasUnicode, hasColour: false, showsLeft });
}

function paceOf(context: FieldContext, which: Which): string | undefined {
  if (typeof usedPercent(context, which) !== 'number') return undefined;
  const pace = find(context, which)?.pace;
  return pace ? paceText(pace, context) : '';
}

function noSpendLimit({ report }: FieldContext): string | undefined {
  return hasNoSpendLimit(report) ? 'none' : undefined;
}

function amountOf(amount: string | null | undefined): string | undefined {
  return amount === null || amount === undefined ? undefined : roundedAmount(amount);
}

function balanceOf({ credits }: UsageReport): string | null | undefined {
  if (!credits) return undefined;
  if (credits.unlimited) return 'unlimited';
  return credits.hasCredits ? credits.balance : '0';
}

function timeOf({ nowMs, textStyle }: FieldContext, seconds: number | null | undefined): string | undefined {
  return isKnown(seconds) ? localTime(seconds, nowMs, textStyle) : undefined;
}

function timeLeft({ nowMs }: FieldContext, seconds: number | null | undefined): string | undefined {
  return isKnown(seconds) && seconds * 1000 > nowMs ? duration(seconds * 1000 - nowMs) : undefined;
}

function isKnown(seconds: number | null | undefined): seconds is number {
  return seconds !== null && seconds !== undefined && isDate(seconds);
}
