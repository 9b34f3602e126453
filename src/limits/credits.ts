/** A reset credit, as a read lists it. */
export interface ListedCredit {
  readonly status: string;
  /** Unix seconds; null if it never expires. */
  readonly expiresAt: number | null;
}

/** The reset credits of a read. */
export interface CreditSummary<Credit> {
  /** May be larger than the number of listed credits. */
  readonly availableCount: number;
  /** Null if only their number is known. */
  readonly credits: readonly Credit[] | null;
}

/** Lists the credits that can be redeemed, the soonest expiry first. Credits that never expire come last. */
export function redeemableCredits<Credit extends ListedCredit>(
  summary: CreditSummary<Credit> | null,
  nowMs: number,
): Credit[] {
  return (summary?.credits ?? [])
    .filter((credit) => credit.status === 'available' && !isExpired(credit, nowMs))
    .sort((one, other) => expiryOrder(one) - expiryOrder(other));
}

/** Returns when the next redeemable credit expires, in Unix seconds; null if none of the listed ones expires. */
export function soonestExpiry(summary: CreditSummary<ListedCredit> | null, nowMs: number): number | null {
  return redeemableCredits(summary, nowMs)[0]?.expiresAt ?? null;
}

/** Returns whether a credit has expired. */
export function isExpired({ expiresAt }: Pick<ListedCredit, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && nowMs >= expiresAt * 1000;
}

function expiryOrder({ expiresAt }: ListedCredit): number {
  return expiresAt ?? Number.MAX_VALUE;
}
