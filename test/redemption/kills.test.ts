import { expect, test } from 'vitest';
import { createRandom } from '../faults/seeded-random.js';
import { runKills } from './run-kills.js';

// `npm run redemption-kills -- --count 1000 --seed 1` kills more of them and prints the figures.

const kills = Number(process.env.REDEMPTION_KILLS ?? 50);
const seed = process.env.REDEMPTION_SEED ?? String(Date.now() % 1_000_000);

test(`kill -9 of client or server in a redemption, and again: no wish uses two credits (seed ${seed})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (process.env.REDEMPTION_KILLS !== undefined) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 7_200_000);
