import { isLab } from '../../support/lab-options.js';
import { createRandom } from '../seeded-random.js';
import { type ViolationKind, violationKinds } from './check-round.js';
import { type Lane, withLane } from './lane.js';
import { type Plan, planText } from './plan.js';
import { type RoundResult, runRound } from './run-round.js';

export interface RoundsResult {
  /** The violations, each with its plan and the command that repeats its round. */
  readonly violations: readonly string[];
  readonly figures: {
    readonly rounds: number;
    readonly wishes: number;
    readonly spent: number;
    readonly violations: Counts;
    readonly faults: Counts;
    readonly first: Counts;
    readonly second: Counts;
    readonly ends: Counts;
  };
}

type Counts = Readonly<Record<string, number>>;

export interface RoundsOptions {
  /** The name of the lab, for the command that repeats a round. */
  readonly lab: string;
  readonly rounds: number;
  readonly seed: string;
  /** The only round to run; undefined for all. */
  readonly only?: number | undefined;
  readonly plan: (random: () => number) => Plan;
}

/** How many rounds run at the same time. */
const lanes = isLab ? 4 : 2;

const quiet: Plan = { isRace: false, isLinked: false, faults: [], turns: [[], []] };

/** Runs rounds whose faults follow from the seed and the number of the round. */
export async function runRounds({ lab, rounds, seed, only, plan }: RoundsOptions): Promise<RoundsResult> {
  const violations: string[] = [];
  const results: RoundResult[] = [];
  const numbers = (
    only === undefined ? Array.from({ length: rounds }, (_, index) => index + 1) : [only]
  ).values();

  async function runLane(lane: Lane): Promise<void> {
    const usual = (await runRound(quiet, lane, { read: 1, redeem: 1 })).uses;
    for (const number of numbers) {
      const chosen = plan(createRandom(`${seed} ${number}`));
      const result = await runRound(chosen, lane, usual);
      results.push(result);
      for (const { kind, detail } of result.violations) {
        violations.push(
          `${violationKinds[kind]}: ${detail}. Plan: ${planText(chosen)}. ` +
            `Repeat: npm run lab -- ${lab} --seed ${seed} --only ${number}`,
        );
      }
    }
  }

  await Promise.all(Array.from({ length: only === undefined ? lanes : 1 }, () => withLane(runLane)));
  return {
    violations,
    figures: {
      rounds: results.length,
      wishes: results.length,
      spent: results.reduce((sum, { spent }) => sum + spent, 0),
      violations: {
        ...Object.fromEntries((Object.keys(violationKinds) as ViolationKind[]).map((kind) => [kind, 0])),
        ...count(results.flatMap((each) => [...new Set(each.violations.map(({ kind }) => kind))])),
      },
      faults: count(results.flatMap(({ injected }) => injected)),
      first: count(results.map(({ first }) => first)),
      second: count(results.map(({ second }) => second)),
      ends: count(results.flatMap(({ ends }) => ends)),
    },
  };
}

function count(names: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
