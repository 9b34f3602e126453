export interface ResetCredit {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly grantedAtMs: number;
  /** Null for a credit that never expires. */
  readonly expiresAtMs: number | null;
}

/** The credits of the account and their redemptions. */
export interface CreditLedger {
  readonly credits: ResetCredit[];
  /** The number of credits that were ever granted. */
  grantedCount: number;
  /** The credit that each idempotency key has redeemed. Entries are never changed or removed. */
  readonly creditIdByKey: Map<string, string>;
  /** When each of these keys redeemed. */
  readonly redeemedAtMsByKey: Map<string, number>;
  /** The ids in `creditIdByKey`, for a fast look-up. */
  readonly redeemedIds: Set<string>;
}

/** The status in a response. Clients do not know `expired`, so they must treat it as unknown. */
export type CreditStatus = 'available' | 'redeemed' | 'expired';

export function createCreditLedger(credits: ResetCredit[]): CreditLedger {
  return {
    credits,
    grantedCount: credits.length,
    creditIdByKey: new Map(),
    redeemedAtMsByKey: new Map(),
    redeemedIds: new Set(),
  };
}

/** Replaces the credits by those that `grant` returns for the number of credits that were granted before. */
export function replaceCredits(ledger: CreditLedger, grant: (grantedCount: number) => ResetCredit[]): void {
  const credits = grant(ledger.grantedCount);
  ledger.grantedCount += credits.length;
  ledger.credits.splice(0, Infinity, ...credits);
}

export function recordRedemption(
  ledger: CreditLedger,
  key: string,
  credit: ResetCredit,
  nowMs: number,
): void {
  ledger.creditIdByKey.set(key, credit.id);
  ledger.redeemedAtMsByKey.set(key, nowMs);
  ledger.redeemedIds.add(credit.id);
}

/**
 * Returns the credit to redeem: the one with `creditId`, or without it the one that expires soonest. Undefined if that
 * credit is unknown, redeemed or expired, or if none is available.
 */
export function usableCredit(
  ledger: CreditLedger,
  creditId: string | undefined,
  nowMs: number,
): ResetCredit | undefined {
  let best: ResetCredit | undefined;
  for (const credit of ledger.credits) {
    if (creditId !== undefined && credit.id !== creditId) continue;
    if (creditStatus(ledger, credit, nowMs) !== 'available') continue;
    if (best === undefined || expiryOrder(credit) < expiryOrder(best)) best = credit;
  }
  return best;
}

export function availableCredits(ledger: CreditLedger, nowMs: number): ResetCredit[] {
  return ledger.credits.filter((credit) => creditStatus(ledger, credit, nowMs) === 'available');
}

export function creditStatus(ledger: CreditLedger, credit: ResetCredit, nowMs: number): CreditStatus {
  if (ledger.redeemedIds.has(credit.id)) return 'redeemed';
  return nowMs < expiryOrder(credit) ? 'available' : 'expired';
}

function expiryOrder(credit: ResetCredit): number {
  return credit.expiresAtMs ?? Number.MAX_VALUE;
}
