import type { UsagePermission } from '../permission.js';
import type { ResetWarning } from '../reset-warnings.js';
import { isSameWindow } from '../window-moves.js';
import type { LimitWindow } from '../windows.js';

/** When a credit is redeemed without a question. */
export interface RedemptionRule {
  readonly when: RuleTrigger;
  /** The only credit to redeem; null for the one that expires first. */
  readonly creditId: string | null;
  /** How many credits always stay. */
  readonly keep: number;
  /** The least time that the redemption has to save: until the windows that it is for would reset by themselves. */
  readonly minGainSecs: number;
  /** How many attempts of the account, manual ones too, may have used a credit within how long. */
  readonly atMost: { readonly count: number; readonly withinSecs: number };
}

export type RuleTrigger =
  /** The rate limit blocks use. */
  | { readonly kind: 'blocked' }
  /** The credit expires within this time. */
  | { readonly kind: 'expiring'; readonly withinSecs: number }
  /** Of the limit that binds, which is a window, at most this much is left. */
  | { readonly kind: 'tightest'; readonly leftPercent: number };

/**
 * - `consent`: the user of this login has agreed to this rule, and has not revoked it
 * - `permission`: it is known whether use is allowed
 * - `trigger`: what the rule waits for has come
 * - `useful`: nothing says that a reset would not help
 * - `gain`: the windows would not reset by themselves soon
 * - `keep`: enough credits stay
 * - `credit`: it is known which credit to use, and that it is available
 * - `noneOpen`: no attempt is open, and no windows may still move
 * - `oncePerWindow`: no attempt was made for a window that the redemption is for
 * - `atMost`: not too many attempts used a credit, or may have
 */
export type RuleConditionKind =
  | 'consent'
  | 'permission'
  | 'trigger'
  | 'useful'
  | 'gain'
  | 'keep'
  | 'credit'
  | 'noneOpen'
  | 'oncePerWindow'
  | 'atMost';

/** A condition of a redemption by rule. */
export interface RuleCondition {
  readonly kind: RuleConditionKind;
  readonly isMet: boolean;
  /** The value that was found; null if it is not known, or if there is none. */
  readonly have: string | number | null;
  /** The value of the rule, if it has one. Times are in seconds. */
  readonly need: string | number | null;
}

export type RuleConsent = 'given' | 'missing' | 'revoked';

/** An earlier attempt to redeem a credit of the account. */
export interface RuleAttempt {
  /** Its effect on the next redemption, as `claimOf` of the library says. */
  readonly claim: 'repeat' | 'finish' | 'wait' | 'none';
  /** Whether it has used a credit. `refused`: it was certainly not carried out. */
  readonly usedCredit: 'yes' | 'no' | 'unknown' | 'refused';
  /** How long ago it began; negative if the clock was ahead. */
  readonly ageMs: number;
  /** The windows before it. */
  readonly windows: readonly LimitWindow[];
}

/** The facts of a read that a rule depends on. */
export interface RuleState {
  readonly permission: UsagePermission['permission'];
  readonly warnings: readonly ResetWarning[];
  readonly isTriggered: boolean;
  readonly triggerValue: string | number | null;
  /** The windows that the redemption is for. */
  readonly aims: readonly LimitWindow[];
  readonly gainSecs: number | null;
  readonly availableCount: number | null;
  /** The credit to use; null if there is none, or if it is not known. */
  readonly creditId: string | null;
}

/** Lists every condition of a rule. */
export function listRuleConditions(
  state: RuleState,
  given: {
    readonly rule: RedemptionRule;
    readonly attempts: readonly RuleAttempt[];
    readonly consent: RuleConsent;
  },
): RuleCondition[] {
  const { rule, attempts, consent } = given;
  const { permission, warnings, gainSecs, availableCount, creditId } = state;
  const open = attempts.find(({ claim }) => claim !== 'none');
  const earlier = attempts.find((attempt) => isForSameWindow(attempt, state.aims));
  const recent = attempts.filter((attempt) => isRecent(attempt, rule)).length;
  const gain = gainSecs !== null && gainSecs >= rule.minGainSecs;
  return [
    condition('consent', consent === 'given', consent),
    condition('permission', permission !== 'unknown', permission),
    condition('trigger', state.isTriggered, state.triggerValue, triggerNeed(rule)),
    condition('useful', warnings.length === 0, warnings[0]?.kind ?? null),
    condition('gain', gain, gainSecs, rule.minGainSecs),
    condition('keep', availableCount !== null && availableCount > rule.keep, availableCount, rule.keep),
    condition('credit', creditId !== null, creditId, rule.creditId),
    condition('noneOpen', !open, open?.claim ?? null),
    condition('oncePerWindow', !earlier, earlier ? Math.floor(earlier.ageMs / 1000) : null),
    condition('atMost', recent < rule.atMost.count, recent, rule.atMost.count),
  ];
}

function condition(
  kind: RuleConditionKind,
  isMet: boolean,
  have: RuleCondition['have'],
  need: RuleCondition['need'] = null,
): RuleCondition {
  return { kind, isMet, have, need };
}

function triggerNeed({ when }: RedemptionRule): string | number {
  switch (when.kind) {
    case 'blocked':
      return 'rateLimit';
    case 'expiring':
      return when.withinSecs;
    case 'tightest':
      return when.leftPercent;
  }
}

/**
 * Returns whether an attempt was made for one of the windows. An attempt that was refused says nothing about the window.
 */
function isForSameWindow({ usedCredit, windows }: RuleAttempt, aims: readonly LimitWindow[]): boolean {
  if (usedCredit === 'refused') return false;
  const used = windows.filter(({ usedPercent }) => usedPercent > 0);
  return used.some((window) => aims.some((aim) => isSameWindow(window, aim)));
}

function isRecent({ usedCredit, ageMs }: RuleAttempt, { atMost }: RedemptionRule): boolean {
  const mayHaveUsed = usedCredit === 'yes' || usedCredit === 'unknown';
  return mayHaveUsed && ageMs < atMost.withinSecs * 1000;
}
