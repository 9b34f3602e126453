export interface ResetCredit {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly grantedAtMs: number;
  /** Null: it never expires. */
  readonly expiresAtMs: number | null;
}

export interface CreditLedger {
  readonly credits: ResetCredit[];
  /** Which key redeemed which credit. A key is entered once and stays for good: `recordRedemption`. */
  readonly creditIdByKey: Map<string, string>;
  /** The credits in it, so that a long ledger stays quick. */
  readonly redeemedIds: Set<string>;
}

/** `expired` is no status clients know: they have to read it as an unknown one. */
export type CreditStatus = 'available' | 'redeemed' | 'expired';

export function createCreditLedger(credits: ResetCredit[]): CreditLedger {
  return { credits, creditIdByKey: new Map(), redeemedIds: new Set() };
}

export function recordRedemption(ledger: CreditLedger, key: string, credit: ResetCredit): void {
  ledger.creditIdByKey.set(key, credit.id);
  ledger.redeemedIds.add(credit.id);
}

/**
 * The credit an attempt would use: the named one, else the one that expires soonest.
 * Undefined when the named one is unknown, redeemed or expired, or when none is left.
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
