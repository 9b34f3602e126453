import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { whyNotMounting } from '../../support/files/mounting.js';
import { createRandom } from '../seeded-random.js';
import { runRounds } from './run-rounds.js';

const rounds = labNumber('rounds', 8);
const seed = labSeed();
const without = whyNotMounting && ', without mounts';

test(`servers on one CODEX_HOME lose no refresh token and use none twice (seed ${seed}${without})`, async () => {
  const { violations, ...figures } = await runRounds(rounds, createRandom(seed));
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
