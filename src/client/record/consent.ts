import { nullable, number, object, oneOf, type Reader, text } from '../../util/json/reading.js';
import type { RedemptionAccount } from './redemption.js';

/** How a user has agreed to a rule. `option`: by naming it in a script. */
const consentSources = ['terminal', 'option'] as const;

/** The user of an account, who is always known. */
export interface ConsentingUser extends RedemptionAccount {
  readonly userId: string;
}

/** The consent of a user that a rule redeems credits of an account without asking. */
export interface RedemptionConsent {
  /** Counts from 1. */
  readonly id: number;
  readonly account: ConsentingUser;
  /** The rule in words that are the same for the same rule. */
  readonly rule: string;
  readonly source: (typeof consentSources)[number];
  readonly givenAtMs: number;
  /** Null while it is in force. */
  readonly revokedAtMs: number | null;
}

export const consent: Reader<RedemptionConsent> = object({
  id: number,
  account: object({ accountId: text, userId: text }),
  rule: text,
  source: oneOf(consentSources),
  givenAtMs: number,
  revokedAtMs: nullable(number),
});

/** Finds the last consent of this account and user to a rule, also if it was revoked. */
export function findConsent(
  consents: readonly RedemptionConsent[],
  rule: string,
  account: RedemptionAccount,
): RedemptionConsent | undefined {
  return consents.findLast(
    (each) =>
      each.rule === rule &&
      each.account.accountId === account.accountId &&
      each.account.userId === account.userId,
  );
}
