import { decideRedemption } from '../../../client/library.js';
import type { Permit, PlannedAttempt } from '../../../client/redemption/context.js';
import { findConsent } from '../../../client/record/consent.js';
import { listedCredits } from '../../../limits/credits.js';
import type { RedemptionRule, RuleCondition } from '../../../limits/rules/rule-conditions.js';
import type { Clock } from '../../../util/clock.js';
import { RedeemStop } from '../failure.js';
import { conditionText } from './condition-texts.js';
import { revokedText } from './consent.js';
import { consentState } from './identity.js';

/**
 * Creates the check of each attempt of a rule. It decides again on the read that was made under the lock, because the
 * limits, the journal or the consent may have changed.
 */
export function createPermit(rule: RedemptionRule, text: string, clock: Clock): Permit {
  return (planned) => {
    const { signedIn, consents, open, creditId } = planned;
    const consent = findConsent(consents, text, signedIn.account);
    if (consentState(consent) === 'revoked') throw new RedeemStop('ruleRevoked', revokedText);
    if (!consent) throw new RedeemStop('noConsent', 'The signed-in user has not agreed to this rule.');
    if (open && open.ruleId !== consent.id) {
      throw new RedeemStop('conditionsUnmet', 'An attempt is open that this rule did not begin.');
    }
    if (open && isCreditGone(planned)) return consent.id;
    const redemptions = planned.redemptions.filter(({ key }) => key !== open?.key);
    const { limits } = signedIn;
    const wanted = { ...rule, creditId };
    const { conditions } = decideRedemption(
      { limits, rule: wanted, redemptions, consent: 'given' },
      clock.nowMs(),
      planned.nowMsFor,
    );
    requireMet(conditions, wanted);
    return consent.id;
  };
}

/**
 * Returns whether the credit of an open attempt is certainly no longer available. The attempt can use no other one, so
 * that sending it again only finds out what became of it.
 */
function isCreditGone({ creditId, signedIn }: PlannedAttempt): boolean {
  const summary = signedIn.limits.rateLimitResetCredits;
  if (creditId === null || !summary) return false;
  const available = listedCredits(summary).filter(({ status }) => status === 'available');
  return available.length >= summary.availableCount && !available.some(({ id }) => id === creditId);
}

function requireMet(conditions: readonly RuleCondition[], rule: RedemptionRule): void {
  const unmet = conditions.filter(({ isMet }) => !isMet);
  if (unmet.length === 0) return;
  throw new RedeemStop('conditionsUnmet', unmet.map((each) => conditionText(each, rule)).join(' '));
}
