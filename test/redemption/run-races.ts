import { problemsOf, withScene } from './redeeming-process.js';

export interface RacesResult {
  /** What must never happen, and happened. */
  readonly violations: readonly string[];
  readonly rounds: number;
  /** What both processes told, and in how many rounds. */
  readonly results: Readonly<Record<string, number>>;
}

/** In each round two processes redeem at once, for wishes that come from the same look at the limits. */
export async function runRaces(rounds: number): Promise<RacesResult> {
  const violations: string[] = [];
  const results: Record<string, number> = {};
  for (let round = 1; round <= rounds; round += 1) {
    await withScene(async (scene) => {
      const nowMs = Date.now();
      const both = [scene.redeem(nowMs), scene.redeem(nowMs)];
      const told = (await Promise.all(both.map(({ result }) => result))).toSorted().join(' and ');
      results[told] = (results[told] ?? 0) + 1;
      const problems = problemsOf(scene);
      if (!expected.includes(told)) problems.push(`they told ${told}`);
      violations.push(...problems.map((problem) => `round ${round}: ${problem}`));
    });
  }
  return { violations, rounds, results };
}

/** The second one has waited for the first, or has given up waiting. */
const expected = ['staleRead and verified', 'anotherIsOpen and verified'];
