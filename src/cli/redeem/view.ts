import type { GetAccountRateLimitsResponse } from '../../client/library.js';
import { isExpired } from '../../limits/credits.js';
import { windowName } from '../../limits/windows.js';
import type {
  RedeemAttempt,
  RedeemHistory,
  RedeemReport,
  RedeemWindow,
} from '../../protocol/schema/reports/redeem-report.js';
import type { CreditChoice } from './dialog-context.js';
import { paint, type PaintStyle, type RenderContext } from '../terminal/text-style.js';
import { plainText } from '../terminal/plain-text.js';
import { padTo, widthOf, withoutJoints, wrapped } from '../terminal/wrapped-text.js';
import { duration, localTime } from '../terminal/times.js';
import { usageReport } from '../usage/report.js';
import { headline, permissionText } from '../usage/view/view.js';
import { windowLines } from '../usage/view/window-lines.js';
import { warningTexts } from './warnings.js';

/** Describes a credit: `Bonus reset, expires Sun 29 Nov, 14:07, in 3 d 0 h`. */
export function creditText(
  credit: NonNullable<CreditChoice['credit']>,
  { nowMs, textStyle }: RenderContext,
): string {
  const name = plainText(credit.title ?? '', textStyle) || 'Reset credit';
  if (!('expiresAt' in credit)) return `${name}, expiry unknown`;
  const { expiresAt } = credit;
  if (expiresAt === null) return `${name}, never expires`;
  const at = localTime(expiresAt, nowMs, textStyle);
  if (isExpired({ expiresAt }, nowMs)) return `${name}, expired ${at}`;
  return `${name}, expires ${at}, in ${duration(expiresAt * 1000 - nowMs)}`;
}

/** Shows the credit and the current use, for the decision whether to redeem. */
export function questionLines(
  choice: CreditChoice,
  limits: GetAccountRateLimitsResponse,
  context: RenderContext,
): string[] {
  const { nowMs, textStyle } = context;
  const report = usageReport(limits, nowMs);
  const ordinary = { ...report, limits: report.limits.slice(0, 1) };
  return [
    ...wrapped(choiceText(choice, context), textStyle.columns).map((line) => paint('bold', line, textStyle)),
    ...headline(report, { nowMs, textStyle }),
    ...wrapped('Current use, and when it resets by itself:', textStyle.columns),
    ...windowLines(ordinary, { nowMs, textStyle, hasDurations: true }),
    ...warningTexts(report, context).flatMap((text) =>
      wrapped(text, textStyle.columns).map((line) => paint('yellow', line, textStyle)),
    ),
    ...wrapped('This cannot be undone.', textStyle.columns),
  ].map(withoutJoints);
}

function choiceText({ creditId, credit }: CreditChoice, context: RenderContext): string {
  if (credit) return creditText(credit, context);
  if (creditId === undefined) return 'A reset credit chosen by the backend';
  return `The reset credit ${plainText(creditId, context.textStyle)}, which the backend does not list`;
}

const outcomes: Readonly<Record<RedeemAttempt['state'], readonly [PaintStyle, string]>> = {
  sending: ['yellow', 'It is not known whether a credit was used.'],
  unclear: ['yellow', 'It is not known whether a credit was used.'],
  redeemed: ['green', 'A reset credit was used. The limits have not been read since.'],
  pending: [
    'yellow',
    'A reset credit was used, but no window has been reset yet (pending). This may take four hours; no other redemption is started until then.',
  ],
  partial: [
    'yellow',
    'A reset credit was used, but some windows have not been reset yet (partial). This may take four hours; no other redemption is started until then.',
  ],
  verified: ['green', 'A reset credit was used, and the windows have been reset (verified).'],
  settled: ['green', 'A reset credit was used. The windows have stayed reset for an hour (settled).'],
  reverted: [
    'red',
    'A reset credit was used, but a window from before has come back since (reverted). redeem --evidence shows what was read.',
  ],
  nothingToReset: ['yellow', 'No window can be reset now. No credit was used.'],
  noCredit: ['yellow', 'There is no reset credit. No credit was used.'],
  refused: ['yellow', 'The redemption was refused. No credit was used.'],
  abandoned: ['yellow', 'The attempt was given up. It is not known whether it used a credit.'],
};

/** Shows the result of a redemption, window by window. */
export function outcomeLines(
  { redemption, isRepeated, usage }: RedeemReport,
  { nowMs, textStyle }: RenderContext,
): string[] {
  const [style, usualText] = outcomes[redemption.state];
  const isOneGone = redemption.state === 'noCredit' && redemption.creditId !== null;
  const text = isOneGone ? 'This credit is not available, but others may be. No credit was used.' : usualText;
  const at = localTime(redemption.startedAt, nowMs, textStyle);
  return [
    ...wrapped(text, textStyle.columns).map((line) => paint(style, line, textStyle)),
    ...(isRepeated ? wrapped(`This was the attempt of ${at}.`, textStyle.columns) : []),
    ...verdictLines(redemption, { nowMs, textStyle }, usage),
    ...permissionLines(usage, { nowMs, textStyle }),
    ...wrapped(remainderText(usage), textStyle.columns),
  ].map(withoutJoints);
}

/** Says whether use is allowed after the redemption. */
function permissionLines(usage: RedeemReport['usage'], context: RenderContext): string[] {
  if (!usage) return [];
  const { textStyle } = context;
  const [style, text] = permissionText(usage, context);
  const now =
    permissionSentences[usage.permission] ?? `Still ${text.charAt(0).toLowerCase()}${text.slice(1)}.`;
  return wrapped(plainText(now, textStyle), textStyle.columns).map((line) => paint(style, line, textStyle));
}

const permissionSentences = {
  allowed: 'Use is allowed.',
  blocked: undefined,
  unknown: 'It is not known whether use is allowed.',
} as const;

function remainderText(usage: RedeemReport['usage']): string {
  if (!usage) return 'The limits could not be read afterwards.';
  const count = usage.resetCredits?.availableCount;
  return count === undefined
    ? 'The number of reset credits left is not known.'
    : `Reset credits left: ${count}`;
}

/** @param usage the limits afterwards, if their windows are to be shown too */
function verdictLines(
  { redeemedAt, windows }: RedeemAttempt,
  context: RenderContext,
  usage: RedeemReport['usage'] = null,
): string[] {
  // No credit, no verdicts.
  if (redeemedAt === null) return [];
  const width = Math.max(0, ...windows.map((window) => widthOf(windowName(window.windowDurationMins))));
  return windows.flatMap((window) =>
    wrapped(verdictText(window, usage, context), context.textStyle.columns, {
      first: `${padTo(width, windowName(window.windowDurationMins))}  `,
      next: ' '.repeat(width + 2),
    }),
  );
}

function verdictText(
  { verdict, usedPercent, windowDurationMins }: RedeemWindow,
  usage: RedeemReport['usage'],
  { nowMs, textStyle }: RenderContext,
): string {
  const now = usage?.limits[0]?.windows.find((each) => each.windowDurationMins === windowDurationMins);
  if (verdict === 'verified' && typeof now?.usedPercent === 'number') {
    const resets = now.resetsAt === null ? '' : `, resets ${localTime(now.resetsAt, nowMs, textStyle)}`;
    return `verified: ${usedPercent} % ${textStyle.hasUnicode ? '→' : '->'} ${now.usedPercent} %${resets}`;
  }
  switch (verdict) {
    case 'verified':
      return `verified: was at ${usedPercent} %, has been reset`;
    case 'pending':
      return `pending: was at ${usedPercent} %, not reset yet`;
    case 'unmoved':
      return usedPercent > 0
        ? `unmoved: was at ${usedPercent} %, not reset`
        : 'unmoved: had nothing to reset';
  }
}

/** Shows past and open attempts for `redeem --history`. */
export function historyLines({ redemptions }: RedeemHistory, { nowMs, textStyle }: RenderContext): string[] {
  if (redemptions.length === 0) return ['No redemption is recorded in this CODEX_HOME.'];
  return redemptions.flatMap((redemption, index) => {
    const { startedAt, state, creditId, accountId, ruleId, abandonReason } = redemption;
    const at = localTime(startedAt, nowMs, textStyle);
    const credit = creditId === null ? 'any credit' : plainText(creditId, textStyle);
    const reason = abandonReason === null ? '' : `, because: ${plainText(abandonReason, textStyle)}`;
    const [style] = outcomes[state];
    const account = plainText(accountId, textStyle);
    const rule = ruleId === null ? '' : `, by rule ${ruleId}`;
    return [
      ...(index > 0 ? [''] : []),
      ...wrapped(`${at}  ${stateNames[state]}${reason}`, textStyle.columns).map((line) =>
        paint(style, line, textStyle),
      ),
      ...wrapped(`${credit}, account ${account}${rule}`, textStyle.columns, { first: '  ', next: '  ' }),
      ...verdictLines(redemption, { nowMs, textStyle: { ...textStyle, columns: textStyle.columns - 2 } }).map(
        (line) => `  ${line}`,
      ),
    ];
  });
}

const stateNames: Readonly<Record<RedeemAttempt['state'], string>> = {
  sending: 'open: not known whether a credit was used',
  unclear: 'open: not known whether a credit was used',
  redeemed: 'credit used, limits not read since',
  pending: 'credit used, pending',
  partial: 'credit used, partial',
  verified: 'credit used, verified',
  settled: 'credit used, settled',
  reverted: 'credit used, reverted: a window from before has come back',
  nothingToReset: 'nothing to reset, no credit used',
  noCredit: 'no credit available, no credit used',
  refused: 'refused, no credit used',
  abandoned: 'given up, not known whether a credit was used',
};
