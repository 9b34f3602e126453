import { expect, test } from 'vitest';
import { isLab, labNumber } from '../../support/lab-options.js';
import { runRounds } from './run-rounds.js';

const rounds = labNumber('rounds', 10);

test('ten servers on one CODEX_HOME lose no refresh token and use none twice', async () => {
  const { violations, ...figures } = await runRounds(rounds);
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
