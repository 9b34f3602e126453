import { expect, test } from 'vitest';
import { createRandom } from '../../support/seeded-random.js';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { runKills } from './run-kills.js';

const kills = labNumber('count', 50);
const seed = labSeed();

test(`a redemption that is repeated after a kill -9 of client or server uses one credit (seed ${seed})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 7_200_000);
