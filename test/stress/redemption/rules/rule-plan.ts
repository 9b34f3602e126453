/** The events of a round with a rule. They depend on the seed alone. */
export interface RulePlan {
  /** The rule, as `--consent` takes it. */
  readonly rule: string;
  readonly keep: number;
  readonly atMost: number;
  /** Whether a user has agreed. */
  readonly isAgreed: boolean;
  /** Whether use is blocked from the start. */
  readonly startsBlocked: boolean;
  readonly events: readonly RuleEvent[];
}

export interface RuleEvent {
  readonly name: (typeof ruleEventNames)[number];
  /** When it comes after the event before: after a time, or at the next request to redeem. */
  readonly at: number | 'received' | 'carriedOut';
  /** A number for the event, from 0 up to but excluding 1. */
  readonly value: number;
}

export const ruleEventNames = [
  'processKilled',
  'serverKilled',
  'otherAccount',
  'otherUser',
  'signedOut',
  'signedIn',
  'clockMoved',
  'answerLost',
  'tooManyRequests',
  'revoked',
  'blockedAgain',
] as const;

const longestMs = 400;

export function planRule(random: () => number): RulePlan {
  const keep = pick(random, [0, 0, 1, 1, 2]);
  const atMost = random() < 0.5 ? 1 : 2;
  const trigger = pick(random, ['blocked', 'blocked', 'tightest:5', 'expiring:4d']);
  const count = 2 + Math.floor(random() * 5);
  return {
    rule: `${trigger} keep=${keep} min-gain=1h at-most=${atMost}/1d`,
    keep,
    atMost,
    isAgreed: random() < 0.9,
    startsBlocked: random() < 0.6,
    events: Array.from({ length: count }, () => ({
      name: random() < 0.35 ? 'blockedAgain' : pick(random, ruleEventNames),
      at: pick(random, ['received', 'carriedOut', random() * longestMs, random() * longestMs] as const),
      value: random(),
    })),
  };
}

export function rulePlanText({ rule, isAgreed, startsBlocked, events }: RulePlan): string {
  const texts = events.map(({ name, at, value }) => {
    return `${name} ${typeof at === 'number' ? at.toFixed() : at} (${value.toFixed(3)})`;
  });
  return [rule, isAgreed ? 'agreed' : 'not agreed', ...(startsBlocked ? ['blocked'] : []), ...texts].join(
    '; ',
  );
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
