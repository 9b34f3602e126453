import { expect, test } from 'vitest';
import { isLab, labNumber } from '../../support/lab-options.js';
import { runRaces } from './run-races.js';

const rounds = labNumber('rounds', 10);

test('two processes that redeem at once make one attempt', async () => {
  const { violations, ...figures } = await runRaces(rounds);
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
