import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { runFaults } from './run-faults.js';

const count = labNumber('count', 500);
const seed = Number(labSeed());

test(`no fault of the backend costs a second credit or hides a spent one (seed ${seed})`, async () => {
  const { violations, table } = await runFaults({ count, seed });
  if (isLab) console.log(table);
  expect({ seed, violations }).toEqual({ seed, violations: [] });
}, 600_000);
