import { expect, test } from 'vitest';
import { createRandom } from '../faults/seeded-random.js';
import { runKills } from './run-kills.js';

// `npm run refresh-kills -- --kills 500 --seed 1` kills more of them and prints the figures.

const kills = Number(process.env.REFRESH_KILLS ?? 20);
const seed = process.env.REFRESH_SEED ?? String(Date.now() % 1_000_000);

test(`kill -9 in a refresh leaves a whole auth.json with the newest saved token (seed ${seed})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (process.env.REFRESH_KILLS !== undefined) console.log(JSON.stringify(figures));
  expect({ violations, left: figures.leftInTheEnd }).toEqual({ violations: [], left: 0 });
}, 3_600_000);
