import { isStale, ofLength } from '../../limits/windows.js';
import type { UsageReport, UsageWindow } from '../../protocol/schema/usage-report.js';
import { bar } from '../terminal/bars.js';
import type { RenderContext } from '../terminal/text-style.js';
import { plainText } from '../terminal/plain-text.js';
import { ageText, duration, localTime } from '../terminal/times.js';
import { hasNoSpendLimit } from './report.js';

interface FormatContext extends RenderContext {
  readonly report: UsageReport;
}

/** Renders the text of `--format`. An unknown value becomes `?`. */
export type UsageFormat = (context: FormatContext) => string;

type Field = (context: FormatContext, windowMins: number) => string | number | null | undefined;

/** The fields of the account, each with its line in the help text. */
export const plainFields: Readonly<Record<string, readonly [meaning: string, Field]>> = {
  plan: ['the plan', ({ report }) => report.planType],
  permission: ['allowed, blocked or unknown', ({ report }) => report.permission],
  credits: ['the balance of bought credits', ({ report }) => balanceOf(report)],
  spendLeft: [
    'percent left of the spend limit; none without a limit',
    ({ report }) => report.spendLimit?.remainingPercent ?? (hasNoSpendLimit(report) ? 'none' : undefined),
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

/** The fields of a window of the ordinary limit. Its length in minutes follows a colon: `{window:300}`. */
export const windowFields: typeof plainFields = {
  window: ['percent used', (context, mins) => usedPercent(context, mins)],
  bar: ['the same as a bar', (context, mins) => barOf(context, mins)],
  resetsAt: ['when it resets', (context, mins) => timeOf(context, windowOf(context, mins)?.resetsAt)],
  resetsIn: ['the time until then', (context, mins) => timeLeft(context, windowOf(context, mins)?.resetsAt)],
};

/** Parses the text of `--format`. @throws Error whose message names an unknown field or a single brace */
export function readFormat(text: string): UsageFormat {
  const parts = text.split(/(\{\{|\}\}|\{[^{}]*\}|[{}])/).map(partOf);
  return (context) => parts.map((part) => part(context)).join('');
}

function partOf(part: string): UsageFormat {
  if (part === '{{' || part === '}}') return () => part.charAt(0);
  if (part === '{' || part === '}') {
    throw new Error(`--format has a single '${part}'; write it twice to show it`);
  }
  if (!part.startsWith('{')) return () => part;
  const [, name = '', length] = /^\{(\w+)(?::([1-9]\d{0,8}))?\}$/.exec(part) ?? [];
  const fields = length === undefined ? plainFields : windowFields;
  const field = Object.hasOwn(fields, name) ? fields[name]?.[1] : undefined;
  if (!field) throw new Error(`--format has no field ${part}`);
  return (context) => plainText(`${field(context, Number(length)) ?? '?'}`, context.textStyle);
}

function windowOf({ report }: FormatContext, windowMins: number): UsageWindow | undefined {
  return ofLength(report.limits[0]?.windows ?? [], windowMins);
}

function usedPercent(context: FormatContext, windowMins: number): number | null | undefined {
  const window = windowOf(context, windowMins);
  return window && isStale(window, context.nowMs) ? null : window?.usedPercent;
}

const barColumns = 10;

/** Draws a bar without colours, because status bars have their own syntax for them. */
function barOf(context: FormatContext, windowMins: number): string {
  return bar(usedPercent(context, windowMins) ?? null, barColumns, {
    hasUnicode: context.textStyle.hasUnicode,
    hasColour: false,
  });
}

function balanceOf({ credits }: UsageReport): string | null | undefined {
  if (!credits) return undefined;
  if (credits.unlimited) return 'unlimited';
  return credits.hasCredits ? credits.balance : '0';
}

function timeOf({ nowMs, textStyle }: FormatContext, seconds: number | null | undefined): string | undefined {
  return isKnown(seconds) ? localTime(seconds, nowMs, textStyle) : undefined;
}

function timeLeft({ nowMs }: FormatContext, seconds: number | null | undefined): string | undefined {
  return isKnown(seconds) && seconds * 1000 > nowMs ? duration(seconds * 1000 - nowMs) : undefined;
}

function isKnown(seconds: number | null | undefined): seconds is number {
  return seconds !== null && seconds !== undefined;
}
