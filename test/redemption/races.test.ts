import { expect, test } from 'vitest';
import { runRaces } from './run-races.js';

// `npm run redemption-races -- --rounds 200` runs more of them and prints the figures.

const rounds = Number(process.env.REDEMPTION_RACES ?? 10);

test('two processes that redeem at once make one attempt', async () => {
  const { violations, ...figures } = await runRaces(rounds);
  if (process.env.REDEMPTION_RACES !== undefined) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
