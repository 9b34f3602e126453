import {
  type AccountClient,
  claimOf,
  type GetAccountRateLimitsResponse,
  type RedeemResult,
  type Redemption,
  RedemptionError,
} from '../client/library.js';
import { chooseCredit } from './credit-choice.js';
import type { Dialog } from './dialog.js';
import type { Look } from './look.js';
import { plainText, wrapped } from './plain-text.js';
import { finishEarlier } from './redeem-earlier.js';
import { RedeemStop } from './redeem-stop.js';
import { questionLines } from './redeem-view.js';

/**
 * Asks which credit to redeem, and whether; before that, whether to finish what is open.
 *
 * @param creditId the credit that was asked for: it is not chosen any more
 * @throws what the client throws; RedeemStop where the person does not want to
 */
export async function redeemInDialog(
  options: Pick<Dialog, 'client' | 'prompts' | 'clock' | 'signal'> & { look: Look },
  creditId: string | undefined,
): Promise<RedeemResult> {
  const { client, prompts, clock, signal, look } = options;
  const dialog: Dialog = {
    ...options,
    say: (text) => prompts.say(wrapped(plainText(text, look), prompts.columns)),
    moment: () => ({ nowMs: clock.nowMs(), look: { ...look, columns: prompts.columns } }),
  };
  prompts.open('Redeem a credit');
  let limits = await readLimits(dialog);
  const earlier = await finishEarlier(dialog);
  if (earlier.result) return earlier.result;
  if (earlier.hasMoved) limits = await readLimits(dialog, limits);
  let wish = await chooseCredit(dialog, limits, creditId);
  while (wish === 'again') {
    limits = await readLimits(dialog, limits);
    wish = await chooseCredit(dialog, limits, creditId);
  }
  prompts.say(questionLines(wish, limits, dialog.moment()));
  if (!(await prompts.confirm('Redeem it now?'))) throw new RedeemStop('declined');
  dialog.say('Redeeming …');
  try {
    return await client.redeem({ creditId: wish.creditId, signal });
  } catch (error) {
    return askAgain(dialog, error);
  }
}

/** A changed account dismisses everything. */
async function readLimits(
  { client, signal, say }: Dialog,
  before?: GetAccountRateLimitsResponse,
): Promise<GetAccountRateLimitsResponse> {
  say('Reading the limits …');
  const limits = await client.request('account/rateLimits/read', {}, { signal });
  if (!before || before.accountId === limits.accountId) return limits;
  throw new RedemptionError('accountChanged', 'another account is signed in');
}

/** As long as nobody knows the outcome, the same request may be made again, with its key and credit. */
async function askAgain({ client, prompts, signal, say }: Dialog, first: unknown): Promise<RedeemResult> {
  for (let error = first; ;) {
    if (!(error instanceof RedemptionError) || error.kind !== 'outcomeUnknown' || signal.aborted) throw error;
    const answer = await prompts.choose('It is not known whether a credit was used.', [
      { value: 'again', label: 'Ask again for the same one; no second one can be used by that' },
      { value: 'later', label: 'Leave it open; the next call finishes it' },
    ]);
    if (answer !== 'again') throw error;
    say('Asking again …');
    try {
      const result = await client.resumeRedemption({ signal });
      if (result) return result;
      throw await whyNothingIsOpen(client, error.redemption);
    } catch (next) {
      error = next;
    }
  }
}

/** Why there is nothing to go on with for whoever is signed in now. */
async function whyNothingIsOpen(client: AccountClient, before: Redemption | null): Promise<Error> {
  const redemption = (await client.redemptions()).find(({ key }) => key === before?.key);
  if (!redemption || claimOf(redemption, redemption.updatedAtMs) !== 'repeat') {
    return new RedeemStop('finishedElsewhere');
  }
  return new RedemptionError('accountChanged', 'another account is signed in', { redemption });
}
