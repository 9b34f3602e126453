import {
  type AccountClient,
  type GetAccountRateLimitsResponse,
  type RedeemResult,
  type Redemption,
  type RedemptionAccount,
  RedemptionError,
} from '../../client/library.js';
import { type Claim, claimOf } from '../../client/record/state.js';
import { abandonProblem } from '../../client/redemption/abandon.js';
import { isSameAccount } from '../../client/redemption/account.js';
import type { DialogContext } from './dialog-context.js';
import { RedeemStop } from './failure.js';
import { localTime } from '../terminal/times.js';

/** The result of checking the account's earlier attempts. */
export interface EarlierAttempts {
  /** The result of an attempt that was finished now; undefined if there was none to finish. */
  readonly result: RedeemResult | undefined;
  /** Whether the limits must be read again: an attempt was given up, or windows were reset. */
  readonly isReadStale: boolean;
}

const abandonOption = {
  value: 'abandon',
  label: 'Give it up: the limits show no use of a credit, or it is older than four hours',
} as const;

const nothing: EarlierAttempts = { result: undefined, isReadStale: false };

/**
 * Offers to finish an open attempt, and checks windows of the last redemption that may still be reset.
 *
 * @throws RedemptionError `pending` as long as they may; RedeemStop if the user declines
 */
export async function finishEarlier(
  dialog: DialogContext,
  limits: GetAccountRateLimitsResponse,
): Promise<EarlierAttempts> {
  const { client, prompts, clock, signal, showText, renderContext } = dialog;
  const all = await ownAttempts(client);
  const claims = (claim: Claim) => (each: Redemption) => claimOf(each, clock.nowMs()) === claim;
  const open = all.find(claims('repeat'));
  if (open) {
    const { nowMs, textStyle } = renderContext();
    const at = localTime(open.startedAtMs / 1000, nowMs, textStyle);
    const answer = await prompts.choose(`The attempt of ${at} is open: it may have used a credit.`, [
      { value: 'finish', label: 'Finish it; that uses no second credit' },
      ...(abandonProblem(open, limits, nowMs) === undefined ? [abandonOption] : []),
      { value: 'leave', label: 'Leave it open' },
    ]);
    if (answer === 'abandon') {
      showText('Giving it up, once a minute has passed since its last request …');
      await client.abandonRedemption({ reason: 'given up in the dialog of redeem', signal });
      return { ...nothing, isReadStale: true };
    }
    if (answer !== 'finish') throw new RedeemStop('declined');
    showText('Finishing it …');
    return { ...nothing, result: (await client.resumeRedemption({ signal })) ?? undefined };
  }
  if (all.some(claims('finish'))) {
    showText('Checking the windows of the last redemption …');
    return { ...nothing, result: (await client.resumeRedemption({ signal })) ?? undefined };
  }
  if (!all.some(claims('wait'))) return nothing;
  showText('Checking whether the windows of the last redemption have been reset …');
  const checked = await client.resumeRedemption({ signal, verifyForMs: 0 });
  if (!checked || !claims('wait')(checked.redemption)) return { ...nothing, isReadStale: true };
  const { redemption } = checked;
  throw new RedemptionError('pending', 'windows may still move', { redemption });
}

/**
 * Lists the attempts with this CODEX_HOME that belong to the signed-in account, as far as it is known.
 *
 * @param account whose attempts to list; the account of the client's last read unless given
 */
export async function ownAttempts(
  client: AccountClient,
  account?: RedemptionAccount,
): Promise<readonly Redemption[]> {
  const all = await client.redemptions();
  if (account) return all.filter((each) => isSameAccount(each.account, account));
  const { accountId = null, userId = null } = client.lastRead() ?? {};
  if (accountId === null) return all;
  return all.filter((each) => isSameAccount(each.account, { accountId, userId }));
}
