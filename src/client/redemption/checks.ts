import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { Redemption, RedemptionAccount } from './redemption.js';
import { RedemptionError } from './error.js';
import { type ReadBasis, outcomeKnownAtMs } from './verify.js';

// Conditions for a new redemption. Each function throws a RedemptionError if its condition is not met.

export function requireSameAccount({ accountId }: RedemptionAccount, basedOn: ReadBasis | undefined): void {
  if (basedOn === undefined || basedOn.accountId === accountId) return;
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
 * @param own the attempts of the account, the oldest first
 */
export function requireFreshRead(own: readonly Redemption[], readAtMs: number): void {
  const later = own.findLast((each) => each.state !== 'refused' && outcomeKnownAtMs(each) >= readAtMs);
  if (!later) return;
  const message = 'there was another redemption since the limits were read';
  throw new RedemptionError('staleRead', message, { redemption: later });
}

/** Refuses a credit that is listed as not available. A credit that is not listed may still exist. */
export function requireAvailable(
  { rateLimitResetCredits }: GetAccountRateLimitsResponse,
  creditId: string | undefined,
): void {
  const credit = rateLimitResetCredits?.credits?.find(({ id }) => id === creditId);
  if (credit === undefined || credit.status === 'available') return;
  throw new RedemptionError(
    'creditUnavailable',
    `the credit is not available: its status is ${credit.status}`,
  );
}
