import { ConnectionError, pendingLimitMs, RedemptionError, RequestError } from '../client/library.js';
import type { Redemption } from '../client/library.js';
import type { RedeemFailure } from '../protocol/redeem-report.js';
import type { Look } from './look.js';
import { redeemAttempt, spentBy } from './redeem-report.js';
import { localTime } from './times.js';
import { failureSentence } from './usage-failure.js';

/** Why a redemption was not gone through with: the person did not want to, or it needs nobody any more. */
export class RedeemStop extends Error {
  override readonly name = 'RedeemStop';
  readonly kind: 'declined' | 'interrupted' | 'finishedElsewhere';

  constructor(kind: RedeemStop['kind']) {
    super(kind);
    this.kind = kind;
  }
}

/** @param open the attempt that is open now, whoever has begun it */
export function redeemFailure(
  error: unknown,
  open: Redemption | null,
  { nowMs, look }: { nowMs: number; look: Look },
): RedeemFailure {
  const about = error instanceof RedemptionError ? error.redemption : null;
  const redemption = about ?? open;
  return {
    version: 1,
    failedAt: Math.floor(nowMs / 1000),
    spent: spentDespite(error, open),
    error: { kind: kindOf(error), message: sentences(error, open, { nowMs, look }) },
    redemption: redemption && redeemAttempt(redemption),
  };
}

/** 0 is for outcomes; `redeem --help` lists them. */
export function failureExitCode({ error: { kind }, spent }: RedeemFailure): 1 | 3 | 4 | 5 {
  if (kind === 'authRequired' || kind === 'unauthorized') return 5;
  if (spent !== 'no' || kind === 'anotherIsOpen') return 4;
  return nothingSpentKinds.has(kind) ? 3 : 1;
}

const nothingSpentKinds = new Set([
  'declined',
  'interrupted',
  'pending',
  'accountChanged',
  'staleRead',
  'creditUnavailable',
]);

function spentDespite(error: unknown, open: Redemption | null): RedeemFailure['spent'] {
  const isAttempt = error instanceof RedemptionError && !keepingBackKinds.has(error.kind);
  if (isAttempt && error.redemption) return spentBy(error.redemption);
  return open || uncertainKinds.has(kindOf(error)) ? 'unknown' : 'no';
}

/** They are about a redemption before this one. */
const keepingBackKinds = new Set(['pending', 'staleRead']);

const unforeseen = 'internal';
const uncertainKinds = new Set([unforeseen, 'finishedElsewhere']);

function kindOf(error: unknown): string {
  const isForeseen =
    error instanceof RedemptionError ||
    error instanceof RequestError ||
    error instanceof ConnectionError ||
    error instanceof RedeemStop;
  return isForeseen ? error.kind : unforeseen;
}

function sentences(error: unknown, open: Redemption | null, moment: { nowMs: number; look: Look }): string {
  const reason = reasonOf(error, moment);
  if (!open) return reason + (spentDespite(error, open) === 'no' ? ' No credit was used.' : '');
  const at = localTime(open.startedAtMs / 1000, moment.nowMs, moment.look);
  return `${reason} An attempt of ${at} is open: it may have used a credit. Run redeem again to finish it; it uses no second one.`;
}

function reasonOf(error: unknown, moment: { nowMs: number; look: Look }): string {
  if (error instanceof RedemptionError) return redemptionSentence(error, moment);
  if (error instanceof RequestError) {
    return failureSentence({ ...error.details, kind: error.kind }, error.message, 'redeem');
  }
  if (error instanceof ConnectionError) return `${capitalized(error.message)}.`;
  if (error instanceof RedeemStop) return stopSentences[error.kind];
  return 'An internal error.';
}

const stopSentences = {
  declined: 'Not redeemed.',
  interrupted: 'Given up.',
  finishedElsewhere: 'Another process has gone on with it: redeem --history tells what came of it.',
} as const;

function redemptionSentence(error: RedemptionError, { nowMs, look }: { nowMs: number; look: Look }): string {
  const { kind, redemption, cause } = error;
  const time = (ms: number | null | undefined): string => localTime((ms ?? nowMs) / 1000, nowMs, look);
  switch (kind) {
    case 'anotherIsOpen':
      return redemption
        ? 'An attempt for another credit comes first: leave --credit out.'
        : 'Another process is redeeming a credit right now.';
    case 'pending': {
      const redeemedAtMs = redemption?.redeemedAtMs;
      const until = time((redeemedAtMs ?? nowMs) + pendingLimitMs);
      return `The windows of the redemption of ${time(redeemedAtMs)} may still move, until ${until}; before, none is begun.`;
    }
    case 'accountChanged':
      return 'Another account is signed in than before.';
    case 'staleRead':
      return 'There was another redemption meanwhile: look at the limits again.';
    case 'creditUnavailable':
      return 'That credit is not available any more.';
    case 'outcomeUnknown':
      return `It is not known whether a credit was used. ${cause === undefined ? '' : reasonOf(cause, { nowMs, look })}`.trim();
    default:
      return `${capitalized(error.message)}.`;
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
