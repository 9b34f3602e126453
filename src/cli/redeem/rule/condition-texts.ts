import type { RedemptionRule, RuleCondition } from '../../../limits/rules/rule-conditions.js';
import { duration } from '../../terminal/times.js';
import { timeText } from './rule-text.js';

/** Writes a condition of a rule with its value, as a sentence. */
export function conditionText(condition: RuleCondition, rule: RedemptionRule): string {
  const { kind, have, need, isMet } = condition;
  switch (kind) {
    case 'consent':
      return consentTexts[have as keyof typeof consentTexts];
    case 'permission':
      return have === 'unknown' ? 'It is not known whether use is allowed.' : `Use is ${have}.`;
    case 'trigger':
      return triggerText(condition, rule);
    case 'useful':
      return isMet
        ? 'Nothing says that a reset would not help.'
        : warningTexts[have as keyof typeof warningTexts];
    case 'gain':
      if (have === null) return 'It is not known when the windows that it is for reset by themselves.';
      return `The windows that it is for reset by themselves in ${time(have)}; ${time(need)} are asked for.`;
    case 'keep':
      if (have === null) return 'The number of reset credits is not known.';
      return `Reset credits: ${have}, of which ${need} always stay.`;
    case 'credit':
      if (isMet) return `The credit is ${have}.`;
      return need === null ? 'No credit is listed as available.' : `The credit ${need} is not available.`;
    case 'noneOpen':
      return openText(have);
    case 'oncePerWindow':
      if (isMet) return 'No attempt was made for the windows that it is for.';
      return `An attempt was made for the same window, ${time(have)} ago.`;
    case 'atMost':
      return `Attempts within ${timeText(rule.atMost.withinSecs)} that used a credit, or may have: ${have}; at most ${need}.`;
  }
}

const consentTexts = {
  given: 'You have agreed to this rule.',
  missing: 'You have not agreed to this rule. Without --dry-run it asks first.',
  revoked: 'You have revoked this rule.',
} as const;

const warningTexts = {
  otherBlock: 'A reset does not lift what blocks use.',
  nothingUsed: 'Use is allowed and 0 % is used: a reset does nothing now.',
  resetsSoon: 'What is used of the windows, or blocks use, resets by itself within 30 minutes.',
} as const;

function triggerText({ have, need, isMet }: RuleCondition, { when }: RedemptionRule): string {
  switch (when.kind) {
    case 'blocked':
      if (isMet) return 'The rate limit blocks use.';
      return have === null ? 'It is not known what blocks use.' : 'The rate limit does not block use.';
    case 'expiring':
      if (have === null) return 'There is no credit whose expiry is known.';
      return `The credit expires in ${time(have)}; the rule waits until ${time(need)} before.`;
    case 'tightest':
      if (have === null) return 'It is not known how much is left.';
      if (typeof have === 'string') return 'What binds is not a window, so that no reset lifts it.';
      return `Left of the window that binds: ${have} %; the rule waits for ${need} %.`;
  }
}

function openText(claim: RuleCondition['have']): string {
  if (claim === null) return 'No attempt is open.';
  return claim === 'repeat'
    ? 'An attempt is open: redeem finishes it, or redeem --abandon gives it up.'
    : 'Windows of the last redemption may still be reset.';
}

function time(secs: RuleCondition['have']): string {
  return duration(Number(secs) * 1000);
}
