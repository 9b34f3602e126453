/** A reset credit, as a read lists it. */
export interface ListedCredit {
  readonly status: string;
  /** Unix seconds; null if it never expires, undefined if its expiry is unknown. */
  readonly expiresAt?: number | null | undefined;
}

/** The reset credits of a read. */
export interface CreditSummary<Credit, OfUnknownExpiry = Credit> {
  /** May be larger than the number of listed credits. */
  readonly availableCount: number;
  /** Null if none is listed here, or only their number is known. */
  readonly credits: readonly Credit[] | null;
  /** The credits whose expiry is unknown. */
  readonly creditsOfUnknownExpiry?: readonly OfUnknownExpiry[] | undefined;
}

/**
 * Lists the credits that can be redeemed, the soonest expiry first. Then come the credits that never expire, and finally
 * those whose expiry is unknown, without the member `expiresAt`.
 *
 * @example
 * const [first] = redeemableCredits(limits.rateLimitResetCredits);
 * if (first) await client.redeem({ creditId: first.id });
 */
export function redeemableCredits<Credit extends ListedCredit, OfUnknownExpiry extends ListedCredit = never>(
  summary: CreditSummary<Credit, OfUnknownExpiry> | null,
  nowMs = Date.now(),
): (Credit | OfUnknownExpiry)[] {
  return listedCredits(summary)
    .filter((credit) => credit.status === 'available' && !isExpired(credit, nowMs))
    .sort((one, other) => expiryOrder(one) - expiryOrder(other));
}

/** Lists all credits of a read, whatever their status and expiry. */
export function listedCredits<Credit, OfUnknownExpiry>(
  summary: CreditSummary<Credit, OfUnknownExpiry> | null,
): (Credit | OfUnknownExpiry)[] {
  return [...(summary?.credits ?? []), ...(summary?.creditsOfUnknownExpiry ?? [])];
}

/**
 * Returns the soonest known expiry of a redeemable credit, in Unix seconds; null if none is known. A credit whose expiry
 * is unknown or that is not listed may expire sooner.
 *
 * @example
 * const expiresAt = soonestExpiry(limits.rateLimitResetCredits);
 * if (expiresAt !== null) console.log(new Date(expiresAt * 1000));
 */
export function soonestExpiry(
  summary: CreditSummary<ListedCredit> | null,
  nowMs = Date.now(),
): number | null {
  return redeemableCredits(summary, nowMs)[0]?.expiresAt ?? null;
}

/** Returns whether a credit has expired. */
export function isExpired({ expiresAt }: Pick<ListedCredit, 'expiresAt'>, nowMs: number): boolean {
  return typeof expiresAt === 'number' && nowMs >= expiresAt * 1000;
}

function expiryOrder({ expiresAt }: ListedCredit): number {
  if (expiresAt === undefined) return Number.MAX_VALUE;
  return expiresAt ?? Number.MAX_SAFE_INTEGER;
}
