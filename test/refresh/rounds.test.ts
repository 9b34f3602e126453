import { expect, test } from 'vitest';
import { runRounds } from './run-rounds.js';

// `npm run refresh-rounds -- --rounds 200` runs more of them and prints the figures.

const rounds = Number(process.env.REFRESH_ROUNDS ?? 10);

test('ten servers on one CODEX_HOME lose no refresh token and use none twice', async () => {
  const { violations, ...figures } = await runRounds(rounds);
  if (process.env.REFRESH_ROUNDS !== undefined) console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}, 3_600_000);
