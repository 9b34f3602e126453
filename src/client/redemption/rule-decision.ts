import { decideByRule, type RuleDecision, type RuleRead } from '../../limits/rules/redemption-rule.js';
import type { RedemptionRule, RuleAttempt, RuleConsent } from '../../limits/rules/rule-conditions.js';
import type { Redemption } from '../record/redemption.js';
import { claimOf, usedCredit } from '../record/state.js';

/**
 * Decides whether a rule redeems a credit now. See src/cli/redeem/rule/README.md.
 *
 * @example
 * const atMost = { count: 1, withinSecs: 86_400 };
 * const rule = { when: { kind: 'blocked' as const }, creditId: null, keep: 1, minGainSecs: 7_200, atMost };
 * const redemptions = await client.redemptions();
 * const { creditId, conditions } = decideRedemption({ limits, rule, redemptions, consent: 'given' });
 * console.log(creditId, conditions.filter(({ isMet }) => !isMet));
 * @param given.limits a read from just now
 * @param given.redemptions all attempts of the account, as `redemptions()` lists them
 * @param given.consent whether the user of the account has agreed to the rule
 * @param nowMsFor the time for an attempt, if it is not measured with the clock of the system
 */
export function decideRedemption(
  given: {
    readonly limits: RuleRead;
    readonly rule: RedemptionRule;
    readonly redemptions: readonly Redemption[];
    readonly consent: RuleConsent;
  },
  nowMs = Date.now(),
  nowMsFor: (redemption: Redemption) => number = () => nowMs,
): RuleDecision {
  const { limits: read, redemptions, ...rest } = given;
  const attempts = redemptions.map((each) => ruleAttempt(each, nowMsFor(each)));
  return decideByRule({ ...rest, read, attempts }, nowMs);
}

function ruleAttempt(redemption: Redemption, nowMs: number): RuleAttempt {
  const { state, startedAtMs, windows } = redemption;
  return {
    claim: claimOf(redemption, nowMs),
    usedCredit: state === 'refused' ? 'refused' : usedCredit(state),
    ageMs: nowMs - startedAtMs,
    windows,
  };
}
