import { setTimeout as pause } from 'node:timers/promises';
import { answerDelayMs, killIfThere, problemsOf, withScene } from './redeeming-process.js';

export interface KillsResult {
  /** What must never happen, and happened. */
  readonly violations: readonly string[];
  readonly kills: number;
  /** How far the attempt was when the kill came, by the journal. */
  readonly moments: Readonly<Record<string, number>>;
  /** What the killed process told, or the one whose server was killed; and the process after that. */
  readonly first: Readonly<Record<string, number>>;
  readonly second: Readonly<Record<string, number>>;
}

/**
 * Redeems `kills` times, kills the client or the server at a random moment of it, and redeems once more for the same
 * wish.
 */
export async function runKills(kills: number, random: () => number): Promise<KillsResult> {
  const violations: string[] = [];
  const counts = { moments: {}, first: {}, second: {} };
  const usualMs = await usualDurationMs();
  for (let kill = 1; kill <= kills; kill += 1) {
    await withScene(async (scene) => {
      const victim = kill % 2 === 0 ? 'client' : 'server';
      // Half of the kills come where they hurt most: shortly after the backend was asked.
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
      if (second !== 'verified' && second !== 'staleRead') problems.push(`the second told ${second}`);
      violations.push(...problems.map((problem) => `kill ${kill}, of the ${victim}: ${problem}`));
    });
  }
  return { violations, kills, ...counts };
}

/** The answer comes in between, and is written down. */
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
