import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { createRandom } from '../seeded-random.js';
import { runKills } from './run-kills.js';

const kills = labNumber('kills', 20);
const seed = labSeed();

test(`a kill of our server or of the real codex leaves nothing unanswered and no process (seed ${seed})`, async () => {
  const { violations, ...figures } = await runKills(kills, createRandom(seed));
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
