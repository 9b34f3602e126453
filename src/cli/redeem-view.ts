import type { GetAccountRateLimitsResponse, RateLimitResetCredit } from '../client/library.js';
import { isExpired } from '../limits/credits.js';
import { windowName } from '../limits/windows.js';
import type { RedeemAttempt, RedeemHistory, RedeemReport, RedeemWindow } from '../protocol/redeem-report.js';
import type { CreditWish, Moment } from './dialog.js';
import type { Look } from './look.js';
import { paint, type Style } from './paint.js';
import { padTo, plainText, widthOf, withoutJoints, wrapped } from './plain-text.js';
import { duration, localTime } from './times.js';
import { usageReport } from './usage-report.js';
import { headline } from './usage-view.js';
import { windowLines } from './window-lines.js';

/** `Bonus reset, expires Sun 29 Nov, 14:07, in 3 d 0 h` */
export function creditText({ title, expiresAt }: RateLimitResetCredit, { nowMs, look }: Moment): string {
  const name = plainText(title ?? '', look) || 'Reset credit';
  if (expiresAt === null) return `${name}, never expires`;
  const at = localTime(expiresAt, nowMs, look);
  if (isExpired({ expiresAt }, nowMs)) return `${name}, expired ${at}`;
  return `${name}, expires ${at}, in ${duration(expiresAt * 1000 - nowMs)}`;
}

/** What is to be known before a credit is redeemed. */
export function questionLines(
  wish: CreditWish,
  limits: GetAccountRateLimitsResponse,
  moment: Moment,
): string[] {
  const { nowMs, look } = moment;
  const report = usageReport(limits, nowMs);
  const ordinary = { ...report, limits: report.limits.slice(0, 1) };
  return [
    ...wrapped(wishText(wish, moment), look.columns).map((line) => paint('bold', line, look)),
    ...headline(report, look),
    ...wrapped('In use now, and when it resets by itself:', look.columns),
    ...windowLines(ordinary, { nowMs, look, hasDurations: true }),
  ].map(withoutJoints);
}

function wishText({ creditId, credit }: CreditWish, moment: Moment): string {
  if (credit) return creditText(credit, moment);
  if (creditId === undefined) return 'A reset credit that the backend chooses';
  return `The reset credit ${plainText(creditId, moment.look)}, of which no more is known`;
}

const outcomes: Readonly<Record<RedeemAttempt['state'], readonly [Style, string]>> = {
  sending: ['yellow', 'It is not known whether a credit was used.'],
  unclear: ['yellow', 'It is not known whether a credit was used.'],
  redeemed: ['green', 'A reset credit was used; nobody has looked at the windows since.'],
  pending: [
    'yellow',
    'A reset credit was used, and no window has moved yet (pending). That may take four hours; no other redemption is begun until then.',
  ],
  partial: [
    'yellow',
    'A reset credit was used, and some windows have not moved yet (partial). That may take four hours; no other redemption is begun until then.',
  ],
  verified: ['green', 'A reset credit was used, and the windows have started anew (verified).'],
  nothingToReset: ['yellow', 'No window can be reset now. No credit was used.'],
  noCredit: ['yellow', 'There is no reset credit. No credit was used.'],
  refused: ['yellow', 'It was refused. No credit was used.'],
};

/** What came of a redemption, window by window. */
export function outcomeLines({ redemption, isRepeated, usage }: RedeemReport, moment: Moment): string[] {
  const { look } = moment;
  const [style, usualText] = outcomes[redemption.state];
  const isOneGone = redemption.state === 'noCredit' && redemption.creditId !== null;
  const text = isOneGone
    ? 'There is no such credit, or no longer; others may remain. No credit was used.'
    : usualText;
  const at = localTime(redemption.startedAt, moment.nowMs, look);
  return [
    ...wrapped(text, look.columns).map((line) => paint(style, line, look)),
    ...(isRepeated ? wrapped(`That was the attempt of ${at}.`, look.columns) : []),
    ...verdictLines(redemption, look),
    ...wrapped(restText(usage), look.columns),
  ];
}

function restText(usage: RedeemReport['usage']): string {
  if (!usage) return 'The limits could not be read since.';
  const count = usage.resetCredits?.availableCount;
  return count === undefined ? 'How many credits are left is not known.' : `Reset credits left: ${count}`;
}

/** Only where a credit was used there is something to tell of the windows. */
function verdictLines({ redeemedAt, windows }: RedeemAttempt, look: Look): string[] {
  if (redeemedAt === null) return [];
  const width = Math.max(0, ...windows.map((window) => widthOf(windowName(window.windowDurationMins))));
  return windows.flatMap((window) =>
    wrapped(verdictText(window), look.columns, {
      first: `${padTo(width, windowName(window.windowDurationMins))}  `,
      next: ' '.repeat(width + 2),
    }),
  );
}

function verdictText({ verdict, usedPercent }: RedeemWindow): string {
  switch (verdict) {
    case 'verified':
      return `verified: was at ${usedPercent} %, has started anew`;
    case 'pending':
      return `pending: was at ${usedPercent} %, has not moved yet`;
    case 'unmoved':
      return usedPercent > 0
        ? `unmoved: was at ${usedPercent} %, has not moved`
        : 'unmoved: had nothing to reset';
  }
}

/** Past and open attempts, for `redeem --history`. */
export function historyLines({ redemptions }: RedeemHistory, { nowMs, look }: Moment): string[] {
  if (redemptions.length === 0) return ['No credit has been redeemed from here yet.'];
  return redemptions.flatMap((redemption, index) => {
    const { startedAt, state, creditId, accountId } = redemption;
    const at = localTime(startedAt, nowMs, look);
    const credit = creditId === null ? 'any credit' : plainText(creditId, look);
    const [style] = outcomes[state];
    const account = plainText(accountId, look);
    return [
      ...(index > 0 ? [''] : []),
      ...wrapped(`${at}  ${stateNames[state]}`, look.columns).map((line) => paint(style, line, look)),
      ...wrapped(`${credit}, account ${account}`, look.columns, { first: '  ', next: '  ' }),
      ...verdictLines(redemption, { ...look, columns: look.columns - 2 }).map((line) => `  ${line}`),
    ];
  });
}

const stateNames: Readonly<Record<RedeemAttempt['state'], string>> = {
  sending: 'open: not known whether a credit was used',
  unclear: 'open: not known whether a credit was used',
  redeemed: 'credit used, not looked at yet',
  pending: 'credit used, pending',
  partial: 'credit used, partial',
  verified: 'credit used, verified',
  nothingToReset: 'nothing to reset, no credit used',
  noCredit: 'there was none, no credit used',
  refused: 'refused, no credit used',
};
