import { listRedemptions } from '../../client/redemption/journal.js';
import { claimOf } from '../../client/record/state.js';
import { paint, type TextStyle } from '../terminal/text-style.js';
import { wrappedMessage } from '../terminal/wrapped-text.js';

/**
 * Returns the lines that remind of a redemption of which it is not known whether it has used a credit; none if there is
 * no such redemption, or if the journal cannot be read, which `redeem` reports.
 */
export function openRedemptionLines(codexHome: string, nowMs: number, textStyle: TextStyle): string[] {
  if (!hasOpenRedemption(codexHome, nowMs)) return [];
  const text =
    'A redemption is not finished. To finish it without a second credit: codex-account-server redeem';
  return ['', ...wrappedMessage(text, textStyle.columns).map((line) => paint('yellow', line, textStyle))];
}

function hasOpenRedemption(codexHome: string, nowMs: number): boolean {
  try {
    return listRedemptions(codexHome, nowMs).some((each) => claimOf(each, nowMs) === 'repeat');
  } catch {
    return false;
  }
}
