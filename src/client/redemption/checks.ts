import { listedCredits } from '../../limits/credits.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import { isBasedOn, type ReadBasis } from './read-basis.js';
import { creditIdProblem, type Redemption, type RedemptionAccount } from '../record/redemption.js';
import { RedemptionError } from '../record/error.js';

// Conditions for a new redemption. Each function throws a RedemptionError if its condition is not met.

export function requireSendable(creditId: string | undefined): void {
  const problem = creditId === undefined ? undefined : creditIdProblem(creditId);
  if (problem === undefined) return;
  throw new RedemptionError('creditInvalid', `this is not the id of a credit: ${problem}`);
}

export function requireSameAccount(account: RedemptionAccount, basedOn: ReadBasis | undefined): void {
  if (basedOn === undefined || isBasedOn(basedOn, account)) return;
  const message = 'another account is signed in than when the limits were read';
  throw new RedemptionError('accountChanged', message);
}

export function requireSameCredit(open: Redemption, creditId: string | undefined): void {
  if (creditId === undefined || creditId === open.creditId) return;
  const message = 'an attempt for another credit is unfinished';
  throw new RedemptionError('anotherIsOpen', message, { redemption: open });
}

/**
 * Refuses if another attempt ended after the read: its outcome was not known when this redemption was decided.
 *
 * The numbers of the journal decide that, because the clock may have been changed. A number that the journal has not
 * reached is of another journal.
 *
 * @param own the attempts of the account, the oldest first
 */
export function requireFreshRead(
  own: readonly Redemption[],
  journalSequence: number,
  seenSequence: number,
): void {
  const later = own.findLast((each) => each.state !== 'refused' && each.sequence > seenSequence);
  if (!later && seenSequence <= journalSequence) return;
  const message = later
    ? 'there was another redemption since the limits were read'
    : 'the journal is older than the read of the limits: it was replaced';
  throw new RedemptionError('staleRead', message, { redemption: later ?? null });
}

/** Refuses a credit that is listed as not available. A credit that is not listed may still exist. */
export function requireAvailable(
  { rateLimitResetCredits }: GetAccountRateLimitsResponse,
  creditId: string | undefined,
): void {
  const credit = listedCredits(rateLimitResetCredits).find(({ id }) => id === creditId);
  if (credit === undefined || credit.status === 'available') return;
  throw new RedemptionError(
    'creditUnavailable',
    `the credit is not available: its status is ${credit.status}`,
  );
}
