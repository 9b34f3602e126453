import { expect, test } from 'vitest';
import { standInPath } from '../../front/front-fixture.js';
import { isLab, labNumber, labText } from '../../support/lab-options.js';
import { runRotation } from './run-rotation.js';

const rounds = labNumber('rounds', 10);

test('no refresh token is used twice while the real codex runs', async () => {
  const { violations, ...figures } = await runRotation(rounds, labText('upstream', standInPath));
  if (isLab) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
