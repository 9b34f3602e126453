import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { Redemption, RedemptionAccount } from './redemption.js';
import { RedemptionError } from './error.js';
import { type ReadBasis, outcomeKnownAtMs } from './verify.js';

// What keeps a redemption from being begun. Each throws a RedemptionError.

export function requireSameAccount({ accountId }: RedemptionAccount, basedOn: ReadBasis | undefined): void {
  if (basedOn === undefined || basedOn.accountId === accountId) return;
  throw new RedemptionError('accountChanged', 'another account is signed in than at the read before');
}

export function requireSameCredit(open: Redemption, creditId: string | undefined): void {
  if (creditId === undefined || creditId === open.creditId) return;
  const message = 'an attempt for another credit is not finished';
  throw new RedemptionError('anotherIsOpen', message, { redemption: open });
}

/**
 * Whoever saw the limits before another attempt might not want this one, had they seen what came of that.
 *
 * @param own the attempts of the account, the oldest first
 */
export function requireFreshRead(own: readonly Redemption[], readAtMs: number): void {
  const later = own.findLast((each) => each.state !== 'refused' && outcomeKnownAtMs(each) >= readAtMs);
  if (!later) return;
  const message = 'there was another redemption since the read before';
  throw new RedemptionError('staleRead', message, { redemption: later });
}

/** A credit that is not listed may still be there. */
export function requireAvailable(
  { rateLimitResetCredits }: GetAccountRateLimitsResponse,
  creditId: string | undefined,
): void {
  const credit = rateLimitResetCredits?.credits?.find(({ id }) => id === creditId);
  if (credit === undefined || credit.status === 'available') return;
  throw new RedemptionError('creditUnavailable', `the credit is not available but ${credit.status}`);
}
