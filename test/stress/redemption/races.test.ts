import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { planRace } from './plan.js';
import { runRounds } from './run-rounds.js';

const rounds = labNumber('rounds', 10);
const only = labNumber('only', 0) || undefined;
const seed = labSeed();

test(`two processes that redeem at once use one credit, whatever faults come (seed ${seed})`, async () => {
  const { violations, figures } = await runRounds({
    lab: 'redemption-races',
    rounds,
    seed,
    only,
    plan: planRace,
  });
  if (isLab) console.log(JSON.stringify(figures, null, 2));
  expect(violations).toEqual([]);
}, 7_200_000);
