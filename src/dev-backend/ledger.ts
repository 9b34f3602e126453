export interface ResetCredit {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly grantedAtMs: number;
  /** Null: it never expires. */
  readonly expiresAtMs: number | null;
}

export interface Ledger {
  readonly credits: ResetCredit[];
  /** Which key redeemed which credit. A key is entered once and stays for good. */
  readonly creditIdByKey: Map<string, string>;
}

/** `expired` is no status clients know: they have to read it as an unknown one. */
export type CreditStatus = 'available' | 'redeemed' | 'expired';

/**
 * The credit an attempt would use: the named one, else the one that expires soonest.
 * Undefined when the named one is unknown, redeemed or expired, or when none is left.
 */
export function usableCredit(
  ledger: Ledger,
  creditId: string | undefined,
  nowMs: number,
): ResetCredit | undefined {
  const available = availableCredits(ledger, nowMs);
  if (creditId !== undefined) return available.find((credit) => credit.id === creditId);
  return available.sort((left, right) => expiryOrder(left) - expiryOrder(right))[0];
}

export function availableCredits(ledger: Ledger, nowMs: number): ResetCredit[] {
  return ledger.credits.filter((credit) => creditStatus(ledger, credit, nowMs) === 'available');
}

export function creditStatus(ledger: Ledger, credit: ResetCredit, nowMs: number): CreditStatus {
  if ([...ledger.creditIdByKey.values()].includes(credit.id)) return 'redeemed';
  return nowMs < expiryOrder(credit) ? 'available' : 'expired';
}

function expiryOrder(credit: ResetCredit): number {
  return credit.expiresAtMs ?? Number.MAX_VALUE;
}
