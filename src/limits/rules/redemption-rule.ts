import { spendBudget } from '../budget.js';
import { type CreditSummary, type ListedCredit, redeemableCredits } from '../credits.js';
import { type UsagePermission, usagePermission } from '../permission.js';
import { resetWarnings } from '../reset-warnings.js';
import type { NeedsRead } from '../needs/needs.js';
import {
  listRuleConditions,
  type RedemptionRule,
  type RuleAttempt,
  type RuleCondition,
  type RuleConsent,
  type RuleState,
  type RuleTrigger,
} from './rule-conditions.js';
import { leftPercent, tightestLimit } from '../tightest.js';
import { fitsClock, isStale, listWindows, type LimitWindow, windowsOf } from '../windows.js';

type Credit = ListedCredit & { readonly id: string };

/** The part of an answer to `account/rateLimits/read` that the decision looks at. */
export interface RuleRead extends NeedsRead {
  readonly rateLimitResetCredits: CreditSummary<Credit> | null;
}

export interface RuleDecision {
  /** The credit to redeem now; null if a condition is not met. */
  readonly creditId: string | null;
  /** Every condition with its value, those that are not met too. */
  readonly conditions: readonly RuleCondition[];
}

/**
 * Decides whether a rule redeems a credit now. All conditions have to be met, and whatever is not known counts as not
 * met: a credit that is kept by mistake can be used later.
 *
 * @param given.read a read from just now
 * @param given.attempts all attempts of the account
 */
export function decideByRule(
  {
    read,
    ...given
  }: {
    readonly read: RuleRead;
    readonly rule: RedemptionRule;
    readonly attempts: readonly RuleAttempt[];
    readonly consent: RuleConsent;
  },
  nowMs: number,
): RuleDecision {
  const { rule } = given;
  const use = usagePermission(read, nowMs);
  const windows = listWindows(read.rateLimits, nowMs);
  const credit = creditFor(rule, read, nowMs);
  const aims = aimsOf(rule.when, read, use, nowMs);
  const state: RuleState = {
    permission: use.permission,
    warnings: resetWarnings({ ...use, windows }, nowMs),
    ...triggerState(rule.when, read, use, credit, nowMs),
    aims,
    gainSecs: gainOf(aims, nowMs),
    availableCount: read.rateLimitResetCredits?.availableCount ?? null,
    creditId: credit?.id ?? null,
  };
  const conditions = listRuleConditions(state, given);
  const isMet = conditions.every((each) => each.isMet);
  return { creditId: isMet ? state.creditId : null, conditions };
}

/** Finds the credit of the rule, or the one that expires first. Undefined if no such credit is listed as available. */
function creditFor(
  { creditId }: RedemptionRule,
  { rateLimitResetCredits }: RuleRead,
  nowMs: number,
): Credit | undefined {
  const credits = redeemableCredits<Credit, Credit>(rateLimitResetCredits, nowMs);
  return creditId === null ? credits[0] : credits.find(({ id }) => id === creditId);
}

function triggerState(
  when: RuleTrigger,
  { rateLimits }: RuleRead,
  { permission, block }: UsagePermission,
  credit: Credit | undefined,
  nowMs: number,
): Pick<RuleState, 'isTriggered' | 'triggerValue'> {
  switch (when.kind) {
    case 'blocked': {
      const limit = block?.limit ?? null;
      return { isTriggered: limit === 'rateLimit', triggerValue: block ? limit : permission };
    }
    case 'expiring': {
      const { expiresAt } = credit ?? {};
      if (typeof expiresAt !== 'number') return { isTriggered: false, triggerValue: null };
      const leftSecs = Math.floor(expiresAt - nowMs / 1000);
      return { isTriggered: leftSecs <= when.withinSecs, triggerValue: leftSecs };
    }
    case 'tightest': {
      const windows = listWindows(rateLimits, nowMs);
      const binding = tightestLimit({ windows, budget: spendBudget(rateLimits, nowMs), block });
      if (!binding) return { isTriggered: false, triggerValue: null };
      // No reset lifts the spend limit, or brings back the credits of a workspace.
      if (binding.limit !== 'rateLimit') return { isTriggered: false, triggerValue: binding.limit };
      const left = leftPercent(binding.usedPercent);
      return { isTriggered: left <= when.leftPercent, triggerValue: left };
    }
  }
}

/**
 * Lists the windows that the redemption is for: those that block, those of which the least is left, or for a credit
 * that would expire all that are in use.
 */
function aimsOf(
  when: RuleTrigger,
  { rateLimits }: RuleRead,
  use: UsagePermission,
  nowMs: number,
): LimitWindow[] {
  const used = windowsOf(rateLimits).filter((each) => each.usedPercent > 0 && !isStale(each, nowMs));
  if (when.kind === 'expiring') return used;
  const most = Math.max(...used.map(({ usedPercent }) => usedPercent));
  const isBlocked = use.permission === 'blocked' || when.kind === 'blocked';
  return used.filter(({ usedPercent }) => usedPercent >= (isBlocked ? 100 : most));
}

/** Returns the time until the last of the windows resets by itself, in seconds; null if that is not known. */
function gainOf(windows: readonly LimitWindow[], nowMs: number): number | null {
  const ends = windows.map((each) => (fitsClock(each, nowMs) ? each.resetsAt : null));
  const known = ends.filter((end) => end !== null);
  if (known.length === 0 || known.length < ends.length) return null;
  return Math.floor(Math.max(...known) - nowMs / 1000);
}
