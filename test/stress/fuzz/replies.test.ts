import { expect, test } from 'vitest';
import { isLab, labNumber, labSeed } from '../../support/lab-options.js';
import { runReplies } from './run-replies.js';

const count = labNumber('replies', 1000);
const seed = labSeed();

test(`a bad value in a reply changes only its own part of the answer (seed ${seed})`, async () => {
  const { violations, ...figures } = await runReplies(count, seed);
  if (isLab) console.log(JSON.stringify({ seed, ...figures }));
  expect(violations).toEqual([]);
}, 14_400_000);
