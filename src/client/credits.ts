import type { RateLimitResetCredit, RateLimitResetCreditsSummary } from './protocol.js';

/** The credits of the list that can be redeemed, the soonest expiry first, those that never expire last. */
export function redeemableCredits(
  summary: RateLimitResetCreditsSummary | null,
  nowMs: number,
): RateLimitResetCredit[] {
  return (summary?.credits ?? [])
    .filter(({ status, expiresAt }) => status === 'available' && !isExpired(expiresAt, nowMs))
    .sort((one, other) => expiryOrder(one) - expiryOrder(other));
}

/** When the next credit is lost, in Unix seconds; null where none is listed that expires. */
export function soonestExpiry(summary: RateLimitResetCreditsSummary | null, nowMs: number): number | null {
  return redeemableCredits(summary, nowMs)[0]?.expiresAt ?? null;
}

function isExpired(expiresAt: number | null, nowMs: number): boolean {
  return expiresAt !== null && nowMs >= expiresAt * 1000;
}

function expiryOrder({ expiresAt }: RateLimitResetCredit): number {
  return expiresAt ?? Number.MAX_VALUE;
}
