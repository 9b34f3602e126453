import { problemsOf, withScene } from './redeeming-process.js';

export interface RacesResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly rounds: number;
  /** The results of both processes, and in how many rounds. */
  readonly results: Readonly<Record<string, number>>;
}

/** Lets two processes redeem at once in each round, for limits of the same read. */
export async function runRaces(rounds: number): Promise<RacesResult> {
  const violations: string[] = [];
  const results: Record<string, number> = {};
  for (let round = 1; round <= rounds; round += 1) {
    await withScene(async (scene) => {
      const nowMs = Date.now();
      const both = [scene.redeem(nowMs), scene.redeem(nowMs)];
      const outcomes = (await Promise.all(both.map(({ result }) => result))).toSorted().join(' and ');
      results[outcomes] = (results[outcomes] ?? 0) + 1;
      const problems = problemsOf(scene);
      if (!expected.includes(outcomes)) problems.push(`they returned ${outcomes}`);
      violations.push(...problems.map((problem) => `round ${round}: ${problem}`));
    });
  }
  return { violations, rounds, results };
}

/** Whether the second process has waited for the first, or has stopped waiting. */
const expected = ['staleRead and verified', 'anotherIsOpen and verified'];
