import type { AccountClient, GetAccountRateLimitsResponse } from '../../../client/library.js';
import { type Redemption, RedemptionError } from '../../../client/library.js';
import { isSameAccount } from '../../../client/redemption/account.js';
import { type ConsentingUser, findConsent, type RedemptionConsent } from '../../../client/record/consent.js';
import { listConsents } from '../../../client/redemption/journal.js';
import type { RuleConsent } from '../../../limits/rules/rule-conditions.js';

/** The limits as they were read just now, and what the journal has about their account and a rule. */
export interface RuleFacts {
  readonly limits: GetAccountRateLimitsResponse;
  readonly account: ConsentingUser;
  /** The last consent to the rule, also if it was revoked. */
  readonly consent: RedemptionConsent | undefined;
  /** The attempts of the account, the oldest first. */
  readonly redemptions: readonly Redemption[];
}

/**
 * Reads the limits, and the journal.
 *
 * @param isStored whether the read is stored for other programs
 * @throws what the client throws; RedemptionError `accountUnknown` if the server does not say whose limits they are
 */
export async function readRuleFacts(
  client: AccountClient,
  {
    codexHome,
    text,
    isStored,
  }: { readonly codexHome: string; readonly text: string; readonly isStored: boolean },
  signal: AbortSignal,
): Promise<RuleFacts> {
  const limits = await client.readRateLimits({ maxAgeMs: isStored ? 0 : undefined, signal });
  const { accountId = null, userId = null } = client.lastRead() ?? {};
  if (accountId === null || userId === null) {
    throw new RedemptionError('accountUnknown', 'the backend does not say which user is signed in');
  }
  const account = { accountId, userId };
  const redemptions = await client.redemptions();
  return {
    limits,
    account,
    consent: findConsent(listConsents(codexHome), text, account),
    redemptions: redemptions.filter((each) => isSameAccount(each.account, account)),
  };
}

/** Returns what a consent permits. */
export function consentState(consent: RedemptionConsent | undefined): RuleConsent {
  if (!consent) return 'missing';
  return consent.revokedAtMs === null ? 'given' : 'revoked';
}
