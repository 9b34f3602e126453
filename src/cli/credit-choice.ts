import { type GetAccountRateLimitsResponse, redeemableCredits } from '../client/library.js';
import type { CreditWish, Dialog } from './dialog.js';
import type { PromptOption } from './prompts.js';
import { RedeemStop } from './redeem-stop.js';
import { creditText } from './redeem-view.js';

/**
 * Lets the person choose among the credits, the soonest expiry first. `again`: the limits are to be read again.
 *
 * @throws RedeemStop where the person chooses none
 */
export async function chooseCredit(
  { prompts, moment }: Dialog,
  { rateLimitResetCredits: summary }: GetAccountRateLimitsResponse,
  wanted: string | undefined,
): Promise<CreditWish | 'again'> {
  const now = moment();
  const count = summary?.availableCount;
  // The count is right where the two differ.
  const listed = count === 0 ? [] : redeemableCredits(summary, now.nowMs);
  if (wanted !== undefined) return { creditId: wanted, credit: listed.find(({ id }) => id === wanted) };
  const options: PromptOption<CreditWish | 'again' | 'none'>[] = listed.map((credit) => ({
    value: { creditId: credit.id, credit },
    label: creditText(credit, now),
  }));
  if (count !== undefined && count > listed.length) {
    const label =
      listed.length > 0 ? 'Another one, which the backend chooses' : 'One that the backend chooses';
    options.push({ value: { creditId: undefined, credit: undefined }, label });
  }
  if (options.length === 0) {
    if (count !== undefined)
      options.push({ value: 'none', label: 'Redeem one (0 available)', isDisabled: true });
    options.push({ value: 'again', label: 'Check again' });
  }
  options.push({ value: 'none', label: 'Leave' });
  const chosen = await prompts.choose(questionText(count), options);
  if (chosen === undefined || chosen === 'none') throw new RedeemStop('declined');
  return chosen;
}

function questionText(count: number | undefined): string {
  if (count === undefined) return 'How many reset credits there are is not known.';
  return `Reset credits: ${count}`;
}
