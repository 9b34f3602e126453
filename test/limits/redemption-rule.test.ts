import { expect, test } from 'vitest';
import { decideByRule, type RuleRead } from '../../src/limits/rules/redemption-rule.js';
import type { RedemptionRule, RuleAttempt, RuleConsent } from '../../src/limits/rules/rule-conditions.js';

const nowMs = 1_800_000_000_000;
const inMins = (minutes: number): number => nowMs / 1000 + minutes * 60;
const dayMs = 86_400_000;

const five = (usedPercent: number, minutes: number | null) => ({
  usedPercent,
  windowDurationMins: 300,
  resetsAt: minutes === null ? null : inMins(minutes),
});
const week = (usedPercent: number, minutes: number) => ({
  usedPercent,
  windowDurationMins: 10_080,
  resetsAt: inMins(minutes),
});
const credit = (id: string, minutes: number | null) => ({
  id,
  status: 'available',
  expiresAt: minutes === null ? null : inMins(minutes),
});
type Credits = RuleRead['rateLimitResetCredits'];
const two: Credits = { availableCount: 2, credits: [credit('late', 30_000), credit('soon', 300)] };

const rule: RedemptionRule = {
  when: { kind: 'blocked' },
  creditId: null,
  keep: 1,
  minGainSecs: 7_200,
  atMost: { count: 1, withinSecs: 86_400 },
};

const blocked: RuleRead = {
  ordinaryUsageAllowed: false,
  rateLimits: {
    primary: five(100, 200),
    secondary: week(60, 4_000),
    rateLimitReachedType: 'rate_limit_reached',
    spendControlReached: false,
    individualLimit: null,
    credits: null,
  },
  rateLimitResetCredits: two,
};
type Limits = RuleRead['rateLimits'];
const withLimits = (limits: Partial<Limits>, read: Partial<RuleRead> = {}): RuleRead => ({
  ...blocked,
  ...read,
  rateLimits: { ...blocked.rateLimits, ...limits },
});
const allowed = (primary: Limits['primary'], secondary: Limits['secondary']): RuleRead =>
  withLimits({ primary, secondary, rateLimitReachedType: null }, { ordinaryUsageAllowed: true });

const attempt: RuleAttempt = { claim: 'none', usedCredit: 'yes', ageMs: 2 * dayMs, windows: [] };

interface Given {
  readonly read?: RuleRead;
  readonly rule?: Partial<RedemptionRule>;
  readonly attempts?: readonly Partial<RuleAttempt>[];
  readonly consent?: RuleConsent;
}

function decide({ read = blocked, rule: own = {}, attempts = [], consent = 'given' }: Given) {
  const all = attempts.map((each) => ({ ...attempt, ...each }));
  const { creditId, conditions } = decideByRule(
    { read, rule: { ...rule, ...own }, attempts: all, consent },
    nowMs,
  );
  const unmet = conditions.filter(({ isMet }) => !isMet);
  return { creditId, against: unmet.map(({ kind, have }) => `${kind} ${have}`) };
}

const expiring = { when: { kind: 'expiring', withinSecs: 6 * 3_600 }, keep: 0 } as const;
const tightest = { when: { kind: 'tightest', leftPercent: 3 } } as const;

test.each<[string, Given, string]>([
  ['the rate limit blocks, with the credit that expires first', {}, 'soon'],
  ['the named credit', { rule: { creditId: 'late' } }, 'late'],
  [
    'the last credit, if none is to stay',
    {
      rule: { keep: 0 },
      read: { ...blocked, rateLimitResetCredits: { availableCount: 1, credits: [credit('one', null)] } },
    },
    'one',
  ],
  [
    'a credit that expires soon, although use is allowed',
    { rule: expiring, read: allowed(five(0, 300), week(5, 4_000)) },
    'soon',
  ],
  ['little is left', { rule: tightest, read: allowed(five(97, 200), week(20, 4_000)) }, 'soon'],
  ['an attempt for the window before', { attempts: [{ windows: [five(100, -100)] }] }, 'soon'],
  [
    'an attempt for another window that is in use, too',
    { attempts: [{ windows: [five(100, -100), week(60, 4_000)] }] },
    'soon',
  ],
  [
    'a refused attempt for this window',
    { attempts: [{ usedCredit: 'refused', ageMs: 1, windows: [five(100, 200)] }] },
    'soon',
  ],
  ['a recent attempt that used no credit', { attempts: [{ usedCredit: 'no', ageMs: 1 }] }, 'soon'],
  [
    'a second one, if two are allowed',
    { rule: { atMost: { count: 2, withinSecs: 86_400 } }, attempts: [{ ageMs: 1 }] },
    'soon',
  ],
])('it redeems: %s', (_name, given, creditId) => {
  expect(decide(given)).toEqual({ creditId, against: [] });
});

test.each<[string, Given, readonly string[]]>([
  ['nobody has agreed', { consent: 'missing' }, ['consent missing']],
  ['the consent was revoked', { consent: 'revoked' }, ['consent revoked']],
  ['use is allowed', { read: allowed(five(100, 200), week(60, 4_000)) }, ['trigger allowed']],
  [
    'the spend limit blocks',
    { read: withLimits({ spendControlReached: true }) },
    ['trigger spendLimit', 'useful otherBlock'],
  ],
  [
    'the workspace has no credits',
    { read: withLimits({ rateLimitReachedType: 'workspace_owner_credits_depleted' }) },
    ['trigger workspaceCredits', 'useful otherBlock'],
  ],
  [
    'it is not known what blocks',
    { read: withLimits({ primary: five(90, 200), rateLimitReachedType: null }) },
    ['trigger null', 'gain null'],
  ],
  [
    'it is not known whether use is allowed',
    { read: { ...blocked, ordinaryUsageAllowed: null }, rule: tightest },
    ['permission unknown'],
  ],
  ['the block ends within the least gain', { read: withLimits({ primary: five(100, 119) }) }, ['gain 7140']],
  [
    'the block ends soon',
    { read: withLimits({ primary: five(100, 20) }), rule: { minGainSecs: 60 } },
    ['useful resetsSoon'],
  ],
  ['the end of the block is not known', { read: withLimits({ primary: five(100, null) }) }, ['gain null']],
  ['the clock is behind', { read: withLimits({ primary: five(100, 306) }) }, ['gain null']],
  ['as many credits as are to stay', { rule: { keep: 2 } }, ['keep 2']],
  [
    'the number of credits is not known',
    { read: { ...blocked, rateLimitResetCredits: null } },
    ['keep null', 'credit null'],
  ],
  [
    'no credit is listed',
    { read: { ...blocked, rateLimitResetCredits: { availableCount: 2, credits: null } } },
    ['credit null'],
  ],
  ['the named credit is not available', { rule: { creditId: 'other' } }, ['credit null']],
  ['the credit expires later', { rule: { ...expiring, creditId: 'late' } }, ['trigger 1800000']],
  [
    'the credit never expires',
    {
      rule: expiring,
      read: { ...blocked, rateLimitResetCredits: { availableCount: 1, credits: [credit('one', null)] } },
    },
    ['trigger null'],
  ],
  [
    'the credit expires, but nothing is used',
    { rule: expiring, read: allowed(five(0, 300), week(0, 10_080)) },
    ['useful nothingUsed', 'gain null'],
  ],
  ['more is left', { rule: tightest, read: allowed(five(96, 200), week(20, 4_000)) }, ['trigger 4']],
  ['there are no windows', { rule: tightest, read: allowed(null, null) }, ['trigger null', 'gain null']],
  [
    'the spend limit binds',
    {
      rule: tightest,
      read: withLimits(
        {
          primary: five(97, 200),
          rateLimitReachedType: null,
          individualLimit: { limit: '10', used: '9.9', remainingPercent: 1, resetsAt: inMins(4_000) },
        },
        { ordinaryUsageAllowed: true },
      ),
    },
    ['trigger spendLimit'],
  ],
  ['an attempt is open', { attempts: [{ claim: 'repeat', usedCredit: 'unknown' }] }, ['noneOpen repeat']],
  ['windows may still move', { attempts: [{ claim: 'wait' }] }, ['noneOpen wait']],
  [
    'an attempt for this window, whatever came of it',
    { attempts: [{ usedCredit: 'no', windows: [five(80, 201)] }] },
    ['oncePerWindow 172800'],
  ],
  ['a recent attempt', { attempts: [{ ageMs: dayMs - 1 }] }, ['atMost 1']],
  ['a recent attempt that was given up', { attempts: [{ usedCredit: 'unknown', ageMs: 1 }] }, ['atMost 1']],
  ['an attempt in the future: the clock was put back', { attempts: [{ ageMs: -3 * dayMs }] }, ['atMost 1']],
])('it redeems nothing: %s', (_name, given, against) => {
  expect(decide(given)).toEqual({ creditId: null, against });
});
