import { expect, test } from 'vitest';
import { createRandom } from '../../support/seeded-random.js';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { runKills } from './run-kills.js';

const kills = labNumber('kills', 20);
const seed = labSeed();

test(`kill -9 in a refresh leaves a whole auth.json with the newest saved token (seed ${seed})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (isLab) console.log(JSON.stringify(figures));
  expect({ violations, left: figures.leftInTheEnd }).toEqual({ violations: [], left: 0 });
}, 3_600_000);
