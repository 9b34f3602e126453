import { expect, test } from 'vitest';
import { runFaults } from './run-faults.js';

// `npm run faults -- --count 10000 --seed 1` makes more attempts and prints what the faults led to.

const count = Number(process.env.FAULTS_COUNT ?? 500);
const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000);

test(`no fault of the backend costs a second credit or hides a spent one (seed ${seed})`, async () => {
  const { violations, table } = await runFaults({ count, seed });
  if (process.env.FAULTS_COUNT !== undefined) console.log(table);
  expect({ seed, violations }).toEqual({ seed, violations: [] });
}, 600_000);
