import { type AccountClient, claimOf, type Redemption } from '../client/library.js';
import { lookFor } from './look.js';
import { print } from './print.js';
import type { RedeemIo } from './io.js';
import { tellFailure } from './redeem-output.js';
import { redeemHistory } from './redeem-report.js';
import { historyLines } from './redeem-view.js';

/** Shows past and open attempts. Resolves with the exit code: 4 while one is open. */
export async function showHistory(
  client: AccountClient,
  { isJson }: { isJson: boolean },
  io: RedeemIo,
): Promise<number> {
  let redemptions: readonly Redemption[];
  try {
    redemptions = await client.redemptions();
  } catch (error) {
    return tellFailure(error, isJson, io);
  }
  const moment = { nowMs: io.clock.nowMs(), look: lookFor(io.stdout, io.env) };
  const history = redeemHistory(redemptions);
  const text = isJson ? JSON.stringify(history, null, 2) : historyLines(history, moment).join('\n');
  await print(io.stdout, `${text}\n`);
  return redemptions.some((each) => claimOf(each, moment.nowMs) === 'repeat') ? 4 : 0;
}
