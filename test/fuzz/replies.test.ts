import { expect, test } from 'vitest';
import { runReplies } from './run-replies.js';

// `npm run fuzz -- --replies 100000 --seed 1` makes more of them.

const count = Number(process.env.FUZZ_REPLIES ?? 1000);
const seed = process.env.FUZZ_SEED ?? String(Date.now() % 1_000_000);

test(`a bad value in a reply costs nothing but what it says (seed ${seed})`, async () => {
  const { violations, ...figures } = await runReplies(count, seed);
  if (process.env.FUZZ_REPLIES !== undefined) console.log(JSON.stringify({ seed, ...figures }));
  expect(violations).toEqual([]);
}, 14_400_000);
