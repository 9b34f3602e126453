import { claimOf, ConnectionError, RedemptionError, RequestError } from '../client/library.js';
import type { Redemption } from '../client/library.js';
import { CodexHomeError } from '../config/codex-home.js';
import type { RedeemFailure } from '../protocol/redeem-report.js';
import type { Moment } from './dialog.js';
import { redeemAttempt, spentBy } from './redeem-report.js';
import { reasonOf } from './redeem-sentences.js';
import { RedeemStop } from './redeem-stop.js';
import { localTime } from './times.js';

/** What is known when a redemption came to nothing. */
export interface Aftermath extends Moment {
  /** The attempts of whoever is signed in, the oldest first; undefined where the journal cannot be read. */
  readonly journal: readonly Redemption[] | undefined;
  /** When this call has begun. */
  readonly sinceMs: number;
}

export function redeemFailure(error: unknown, aftermath: Aftermath): RedeemFailure {
  const { journal, sinceMs, nowMs } = aftermath;
  // It was written down before it was sent.
  const begun = isInterruption(error)
    ? journal?.findLast(({ startedAtMs }) => startedAtMs >= sinceMs)
    : undefined;
  const open = journal?.findLast((each) => claimOf(each, nowMs) === 'repeat');
  const about = error instanceof RedemptionError ? error.redemption : null;
  const redemption = about ?? open ?? begun ?? null;
  const spent = spentDespite(error, redemption, journal !== undefined);
  const reason = reasonOf(error, aftermath);
  const consequence = spentText(spent, open, aftermath);
  const kind = kindOf(error);
  // The command to type stands at the end.
  const sentences = signedOutKinds.has(kind) ? [consequence, reason] : [reason, consequence];
  return {
    version: 1,
    failedAt: Math.floor(nowMs / 1000),
    spent,
    error: { kind, message: sentences.join(' ') },
    redemption: redemption && redeemAttempt(redemption),
  };
}

/** `redeem --help` tells what they mean. */
export function failureExitCode({ error: { kind }, spent, redemption }: RedeemFailure): 0 | 1 | 3 | 4 | 5 {
  if (signedOutKinds.has(kind)) return 5;
  if (kind === 'interrupted' && spent === 'yes') return 0;
  const isOpen = kind === 'anotherIsOpen' || (kind === 'journalUnavailable' && redemption !== null);
  if (spent !== 'no' || isOpen) return 4;
  return nothingSpentKinds.has(kind) ? 3 : 1;
}

const signedOutKinds = new Set(['authRequired', 'unauthorized']);

const nothingSpentKinds = new Set([
  'declined',
  'interrupted',
  'pending',
  'accountChanged',
  'staleRead',
  'creditUnavailable',
]);

/** They are about a redemption before this one. */
const keepingBackKinds = new Set(['pending', 'staleRead']);

const unforeseen = 'internal';
const uncertainKinds = new Set([unforeseen, 'finishedElsewhere']);

function spentDespite(
  error: unknown,
  redemption: Redemption | null,
  isJournalKnown: boolean,
): RedeemFailure['spent'] {
  const kind = kindOf(error);
  if (redemption && !keepingBackKinds.has(kind)) return spentBy(redemption);
  if (isInterruption(error) && !isJournalKnown) return 'unknown';
  return uncertainKinds.has(kind) ? 'unknown' : 'no';
}

function spentText(
  spent: RedeemFailure['spent'],
  open: Redemption | undefined,
  { nowMs, look }: Moment,
): string {
  if (open) {
    const at = localTime(open.startedAtMs / 1000, nowMs, look);
    return `An attempt of ${at} is open: it may have used a credit. Run redeem again to finish it; it uses no second one.`;
  }
  if (spent === 'yes') return 'A credit was used; redeem --history tells of it.';
  return spent === 'no' ? 'No credit was used.' : 'Run redeem again: it finishes what is open.';
}

function isInterruption(error: unknown): boolean {
  return error instanceof RedeemStop && error.kind === 'interrupted';
}

function kindOf(error: unknown): string {
  const isForeseen =
    error instanceof RedemptionError ||
    error instanceof RequestError ||
    error instanceof ConnectionError ||
    error instanceof RedeemStop;
  if (isForeseen) return error.kind;
  return error instanceof CodexHomeError ? 'configInvalid' : unforeseen;
}
