import { setFlagsFromString } from 'node:v8';

/**
 * How much of a function V8 11.3, which is in node 20, runs before it optimises it: 132 KB of its code by default. With
 * that a server is at its best after some 1000 reads. With 2 KB it is so after 30: the median of the 51st to the 350th
 * read falls from 1.13 to 0.86 of the floor's. They take 80 ms of CPU time more, 1000 reads 180 ms less, as smaller
 * pieces are optimised. Later versions of V8 have a compiler for what is in between; there it brings nothing.
 *
 * A start of one read has none of this. `test/cli/early-optimization.test.ts` fails when node 20 knows the flag no more;
 * `CODEX_ACCOUNT_SERVER_DISABLE=early-optimization` switches it off.
 */
const flag = '--interrupt-budget=1000';

/** A server that has sent so many requests, two for each read, will go on to send more. */
const manyRequests = 8;

/**
 * Counts requests, and has the code optimised early once there are many.
 *
 * @param beforeChange called before V8 is told: code that is kept with other flags is of no use to a later process
 */
export function createEarlyOptimization(beforeChange: () => void): { countRequest(): void } {
  let requests = 0;
  return {
    countRequest() {
      requests += 1;
      if (requests !== manyRequests || !process.version.startsWith('v20.')) return;
      beforeChange();
      setFlagsFromString(flag);
    },
  };
}
