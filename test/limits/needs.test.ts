import { expect, test } from 'vitest';
import { checkNeeds, type Need, type NeedsRead } from '../../src/limits/needs/needs.js';

const nowMs = 1_000_000;
const [past, soon, late] = [999, 2_000, 3_000];

const window = (windowDurationMins: number | null, usedPercent: number, resetsAt: number | null = soon) => ({
  ...{ windowDurationMins, usedPercent, resetsAt },
});

const budget = (remainingPercent: number, resetsAt = late) => ({
  ...{ limit: '100', used: '1', remainingPercent, resetsAt },
});

interface Shape extends Partial<NeedsRead['rateLimits']> {
  readonly allowed?: boolean | null;
  readonly credits_?: number;
}

function read({ allowed = true, credits_, ...limits }: Shape): NeedsRead {
  return {
    ordinaryUsageAllowed: allowed,
    rateLimits: {
      primary: null,
      secondary: null,
      rateLimitReachedType: null,
      spendControlReached: null,
      individualLimit: null,
      credits: null,
      ...limits,
    },
    rateLimitResetCredits: credits_ === undefined ? null : { availableCount: credits_ },
  };
}

const fiveHours = (leftPercent: number): Need => ({
  limit: 'window',
  windowDurationMins: 300,
  leftPercent,
});
const week = (leftPercent: number): Need => ({ limit: 'window', windowDurationMins: 10_080, leftPercent });
const ofBudget = (leftPercent: number): Need => ({ limit: 'budget', leftPercent });
const tightest = (leftPercent: number): Need => ({ limit: 'tightest', leftPercent });
const credits = (count: number): Need => ({ limit: 'credits', count });

type Row = [text: string, shape: Shape, needs: Need[], verdict: string, have: (number | null)[], at?: number];

test.each<Row>([
  ['nothing is needed', { primary: window(300, 99) }, [], 'enough', []],
  ['as much is left as needed', { primary: window(300, 90) }, [fiveHours(10)], 'enough', [10]],
  ['one percent is missing', { primary: window(300, 91) }, [fiveHours(10)], 'tooLittle', [9], soon],
  ['a window is used beyond 100 %', { primary: window(300, 300) }, [fiveHours(0)], 'enough', [0]],
  ['a length is 5 % off', { secondary: window(10_500, 20) }, [week(80)], 'enough', [80]],
  ['there is no such window', { primary: window(10_080, 0) }, [fiveHours(1)], 'unknown', [null]],
  ['a window has ended', { primary: window(300, 100, past) }, [fiveHours(10)], 'unknown', [null]],
  ['a reset time is not known', { primary: window(300, 99, null) }, [fiveHours(10)], 'tooLittle', [1]],
  [
    'the later of two windows decides when',
    { primary: window(300, 99), secondary: window(10_080, 99, late) },
    [fiveHours(5), week(5)],
    'tooLittle',
    [1, 1],
    late,
  ],
  [
    'too little of one, and another unknown',
    { primary: window(300, 99), secondary: window(10_080, 0, past) },
    [week(5), fiveHours(5)],
    'tooLittle',
    [null, 1],
    soon,
  ],
  ['the budget is enough', { individualLimit: budget(5) }, [ofBudget(5)], 'enough', [5]],
  ['the budget is too small', { individualLimit: budget(4) }, [ofBudget(5)], 'tooLittle', [4], late],
  ['there is no budget', { spendControlReached: false }, [ofBudget(5)], 'enough', [null]],
  ['the budget cannot be read', {}, [ofBudget(5)], 'unknown', [null]],
  [
    'the tightest is the budget, a window lasts longer',
    { primary: window(300, 96, late), individualLimit: budget(1, soon) },
    [tightest(5)],
    'tooLittle',
    [1],
    late,
  ],
  ['the tightest of nothing, allowed', {}, [tightest(5)], 'enough', [null]],
  ['the tightest of nothing, not known', { allowed: null }, [tightest(5)], 'unknown', [null]],
  ['one of the tightest has ended', { primary: window(300, 9, past) }, [tightest(5)], 'unknown', [null]],
  ['there are credits', { credits_: 1 }, [credits(1)], 'enough', [1]],
  ['there is one credit too few', { credits_: 0 }, [credits(1)], 'tooLittle', [0]],
  ['the credits are not known', {}, [credits(1)], 'unknown', [null]],
  ['it is not known if use is allowed', { allowed: null, primary: window(300, 0) }, [], 'unknown', []],
  [
    'blocked until the full window resets',
    { allowed: false, primary: window(300, 100) },
    [],
    'blocked',
    [],
    soon,
  ],
  [
    'blocked, and a need is met later',
    { allowed: false, primary: window(300, 100), secondary: window(10_080, 90, late) },
    [week(20)],
    'blocked',
    [10],
    late,
  ],
  [
    'the workspace is out of credits',
    { rateLimitReachedType: 'workspace_member_credits_depleted', primary: window(300, 99) },
    [fiveHours(10)],
    'blocked',
    [1],
  ],
])('%s', (_text, shape, needs, verdict, have, at) => {
  const checked = checkNeeds(read(shape), needs, nowMs);
  expect({
    verdict: checked.verdict,
    have: checked.needs.map((need) => need.have),
    at: checked.expectedAt,
    needs: checked.needs.map(({ need }) => need),
  }).toEqual({ verdict, have, at: at ?? null, needs });
});
