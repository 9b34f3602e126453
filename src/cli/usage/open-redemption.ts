import type { Redemption } from '../../client/record/redemption.js';
import { claimOf } from '../../client/record/state.js';
import { isSameAccount } from '../../client/redemption/account.js';
import { listRedemptions } from '../../client/redemption/journal.js';
import { silentLog } from '../../util/log.js';
import { codexHomeOf } from '../environment.js';
import { offlineLogin } from '../in-process/offline-login.js';
import type { OfflineIo } from '../io.js';
import { paint, type TextStyle } from '../terminal/text-style.js';
import { wrappedMessage } from '../terminal/wrapped-text.js';

/**
 * Resolves with the lines that remind of a redemption of the signed-in user that may or may not have used a credit. There
 * are none without such a redemption, and if the journal cannot be read, which `redeem` reports.
 */
export async function openRedemptionLines(
  { env, clock }: Pick<OfflineIo, 'env' | 'clock'>,
  textStyle: TextStyle,
): Promise<string[]> {
  const open = openRedemptions(codexHomeOf(env), clock.nowMs());
  if (open.length === 0) return [];
  const login = await offlineLogin({ env, clock }, silentLog).catch(() => undefined);
  const account = login?.account;
  // `redeem` finishes those of this user only.
  if (!account || !open.some((each) => isSameAccount(each.account, account))) return [];
  const text =
    'A redemption is not finished. To finish it without a second credit: codex-account-server redeem';
  return ['', ...wrappedMessage(text, textStyle.columns).map((line) => paint('yellow', line, textStyle))];
}

function openRedemptions(codexHome: string, nowMs: number): Redemption[] {
  try {
    return listRedemptions(codexHome, nowMs).filter((each) => claimOf(each, nowMs) === 'repeat');
  } catch {
    return [];
  }
}
