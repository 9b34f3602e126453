import { claimOf } from '../../client/record/state.js';
import { listRedemptions } from '../../client/redemption/journal.js';
import { safeJson } from '../../util/text/safe-text.js';
import type { OfflineIo } from '../io.js';
import { print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import { redeemHistory } from './report.js';
import { historyLines } from './view.js';

/**
 * Shows past and open attempts. Resolves with the exit code: 4 while an attempt is open.
 *
 * @throws RedemptionError if their record cannot be read
 * @throws Error if the output cannot be written
 */
export async function showHistory(
  codexHome: string,
  isJson: boolean,
  io: Pick<OfflineIo, 'stdout' | 'env' | 'clock'>,
): Promise<number> {
  const nowMs = io.clock.nowMs();
  const redemptions = listRedemptions(codexHome, nowMs);
  const history = redeemHistory(redemptions);
  const lines = isJson
    ? [safeJson(history, 2)]
    : historyLines(history, { nowMs, textStyle: textStyleFor(io.stdout, io.env) });
  await print(io.stdout, `${lines.join('\n')}\n`);
  return redemptions.some((each) => claimOf(each, nowMs) === 'repeat') ? 4 : 0;
}
