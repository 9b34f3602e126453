import {
  type Claim,
  claimOf,
  type RedeemResult,
  type Redemption,
  RedemptionError,
} from '../client/library.js';
import type { Dialog } from './dialog.js';
import { ownAttempts } from './own-attempts.js';
import { RedeemStop } from './redeem-stop.js';
import { localTime } from './times.js';

/** What became of an attempt that was open before. */
export interface Earlier {
  /** There is one where it was an attempt that nobody had seen the end of. */
  readonly result: RedeemResult | undefined;
  /** Whether the windows of the last redemption have moved since somebody looked. */
  readonly hasMoved: boolean;
}

const nothing: Earlier = { result: undefined, hasMoved: false };

/**
 * Offers to finish what an earlier call has left open, and looks at windows that may still move.
 *
 * @throws RedemptionError `pending` as long as they may; RedeemStop where the person does not want to
 */
export async function finishEarlier(dialog: Dialog): Promise<Earlier> {
  const { client, prompts, clock, signal, say, moment } = dialog;
  const all = await ownAttempts(client, clock.nowMs());
  const claims = (claim: Claim) => (each: Redemption) => claimOf(each, clock.nowMs()) === claim;
  const open = all.find(claims('repeat'));
  if (open) {
    const { nowMs, look } = moment();
    const at = localTime(open.startedAtMs / 1000, nowMs, look);
    const answer = await prompts.choose(`The attempt of ${at} is open: it may have used a credit.`, [
      { value: 'finish', label: 'Finish it; no second credit can be used by that' },
      { value: 'later', label: 'Leave it open' },
    ]);
    if (answer !== 'finish') throw new RedeemStop('declined');
    say('Asking what became of it …');
    return { ...nothing, result: (await client.resumeRedemption({ signal })) ?? undefined };
  }
  if (all.some(claims('finish'))) {
    say('Looking at the windows of the last redemption …');
    return { ...nothing, result: (await client.resumeRedemption({ signal })) ?? undefined };
  }
  if (!all.some(claims('wait'))) return nothing;
  say('Looking whether the windows of the last redemption have moved …');
  const looked = await client.resumeRedemption({ signal, verifyForMs: 0 });
  if (!looked || !claims('wait')(looked.redemption)) return { ...nothing, hasMoved: true };
  const { redemption } = looked;
  throw new RedemptionError('pending', 'windows may still move', { redemption });
}
