import { setFlagsFromString } from 'node:v8';

/**
 * How much of a function V8 11.3, which is in node 20, runs before it optimises it: 66 KB of its code by default. With that
 * a server is at its best after some 2000 reads; with 3 KB the 51st to the 350th read take 0.90 of what the floor's take,
 * not 1.12 to 1.17. It is a trade: the first 350 reads cost 430 ms of CPU time, not 220; 1000 cost the same 650, and 2000
 * cost 940, not 1060. With 0.5 KB, and less put together in one function, 350 reads cost 325 ms, but take 0.95 of what the
 * floor's take.
 *
 * Later versions of V8 count calls, and most have another compiler for what is in between. A start of a few reads has none
 * of this. `test/cli/early-optimization.test.ts` fails when node 20 has the flag no more;
 * `CODEX_ACCOUNT_SERVER_DISABLE=early-optimization` switches it off.
 */
const flag = '--interrupt-budget=3000';

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
