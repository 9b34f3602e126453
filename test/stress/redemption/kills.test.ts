import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { planKill } from './plan.js';
import { runRounds } from './run-rounds.js';

const rounds = labNumber('rounds', 50);
const only = labNumber('only', 0) || undefined;
const seed = labSeed();

test(`a redemption that is repeated after a kill -9 and other faults uses one credit (seed ${seed})`, async () => {
  const { violations, figures } = await runRounds({
    lab: 'redemption-kills',
    rounds,
    seed,
    only,
    plan: planKill,
  });
  if (isLab) console.log(JSON.stringify(figures, null, 2));
  expect(violations).toEqual([]);
}, 7_200_000);
