import { setTimeout as pause } from 'node:timers/promises';
import { answerDelayMs, killIfThere, problemsOf, withScene } from './redeeming-process.js';

export interface KillsResult {
  /** The violations: things that must never happen. */
  readonly violations: readonly string[];
  readonly kills: number;
  /** The state of the attempt in the journal when the process was killed. */
  readonly moments: Readonly<Record<string, number>>;
  /** The results of the process that was killed, or lost its server, and of the process after it. */
  readonly first: Readonly<Record<string, number>>;
  readonly second: Readonly<Record<string, number>>;
}

/**
 * Redeems `kills` times, kills the client or the server at a random moment, and redeems again for the same limits.
 */
export async function runKills(kills: number, random: () => number): Promise<KillsResult> {
  const violations: string[] = [];
  const counts = { moments: {}, first: {}, second: {} };
  const usualMs = await usualDurationMs();
  for (let kill = 1; kill <= kills; kill += 1) {
    await withScene(async (scene) => {
      const victim = kill % 2 === 0 ? 'client' : 'server';
      // Half of the kills come at the worst moment: shortly after the backend got the request.
      const isLate = kill % 4 < 2;
      const chance = random();
      const wishedAtMs = Date.now();
      const killed = scene.redeem(wishedAtMs);
      if (isLate) await Promise.race([scene.untilAsked(), killed.result]);
      await pause(chance * (isLate ? lateMs : usualMs));
      if (victim === 'client') await killed.kill();
      else killIfThere(scene.serverPids().at(-1));
      count(counts.moments, scene.journal()[0]?.state ?? 'none');
      count(counts.first, await killed.result);
      const second = await scene.redeem(wishedAtMs).result;
      count(counts.second, second);
      const problems = problemsOf(scene);
      if (second !== 'verified' && second !== 'staleRead') problems.push(`the second returned ${second}`);
      violations.push(...problems.map((problem) => `kill ${kill}, of the ${victim}: ${problem}`));
    });
  }
  return { violations, kills, ...counts };
}

/** The latest time of these kills. It is longer than a response and its record in the journal take. */
const lateMs = answerDelayMs * 1.5;

function usualDurationMs(): Promise<number> {
  return withScene(async (scene) => {
    const startMs = performance.now();
    await scene.redeem(Date.now()).result;
    return performance.now() - startMs;
  });
}

function count(counts: Record<string, number>, what = 'nothing'): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
