import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../../support/lab-options.js';
import { createRandom } from '../../seeded-random.js';
import { type Lane, withLane } from '../lane.js';
import { planRule, rulePlanText } from './rule-plan.js';
import { type RuleRound, runRuleRound } from './rule-round.js';

const rounds = labNumber('rounds', 50);
const only = labNumber('only', 0) || undefined;
const seed = labSeed();
const lanes = isLab ? 3 : 2;

test(`a rule redeems only what its user has agreed to, whatever faults come (seed ${seed})`, async () => {
  const numbers = (
    only === undefined ? Array.from({ length: rounds }, (_, index) => index + 1) : [only]
  ).values();
  const violations: string[] = [];
  const results: RuleRound[] = [];

  async function runLane(lane: Lane): Promise<void> {
    for (const number of numbers) {
      const plan = planRule(createRandom(`${seed} ${number}`));
      const result = await runRuleRound(plan, lane);
      results.push(result);
      const repeat = `Repeat: npm run lab -- redemption-rules --seed ${seed} --only ${number}`;
      violations.push(...result.violations.map((each) => `${each}. Plan: ${rulePlanText(plan)}. ${repeat}`));
    }
  }

  await Promise.all(Array.from({ length: only === undefined ? lanes : 1 }, () => withLane(runLane)));
  const figures = {
    rounds: results.length,
    spent: count(results.map(({ spent }) => `${spent}`)),
    ends: count(results.flatMap(({ ends }) => ends)),
    states: count(results.flatMap(({ states }) => states)),
    violations: violations.length,
  };
  if (isLab) console.log(JSON.stringify(figures, null, 2));
  expect(violations).toEqual([]);
}, 7_200_000);

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
