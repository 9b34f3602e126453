import { setFlagsFromString } from 'node:v8';

/**
 * How much of a function V8 11.3, which is in node 20, runs before it optimises it: 66 KB of its code by default. With
 * that a server is at its best after some 1000 reads; with 0.5 KB the 51st to the 350th read take 0.8 to 1.0 of what the
 * floor's take, not 1.05 to 1.15. It is a trade: 350 reads then cost 380 to 550 ms of CPU time, not 270 to 330; 1000 cost
 * about the same, and 2000 cost 1120, not 1330, as smaller pieces are optimised. Later versions of V8 have another compiler
 * for what is in between.
 *
 * A start of a few reads has none of this. `test/cli/early-optimization.test.ts` fails when node 20 knows the flag no more;
 * `CODEX_ACCOUNT_SERVER_DISABLE=early-optimization` switches it off.
 */
const flag = '--interrupt-budget=500';

/** A server that has had so many replies, two for each read, will go on to read. */
export const manyReplies = 12;

/**
 * Has V8 optimise early, where that helps.
 *
 * @param saveCode called before: code that is kept afterwards is of no use to a later process, whose flags are others
 */
export function optimizeEarly(saveCode: () => void): void {
  if (!process.version.startsWith('v20.')) return;
  saveCode();
  setFlagsFromString(flag);
}
