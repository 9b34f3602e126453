import { expect, test } from 'vitest';
import { createRandom } from '../seeded-random.js';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { whyNotFailing } from '../../support/files/failing-files.js';
import { runKills } from './run-kills.js';

const kills = labNumber('kills', 24);
const seed = labSeed();

test(`kills and failed saves leave a whole auth.json with the newest saved token (seed ${seed}${whyNotFailing})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (isLab) console.log(JSON.stringify(figures));
  expect({ violations, left: figures.leftInTheEnd }).toEqual({ violations: [], left: 0 });
}, 3_600_000);
