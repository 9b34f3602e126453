import {
  type AccountClient,
  type GetAccountRateLimitsResponse,
  redeemableCredits,
  type RedeemResult,
  type Redemption,
  RedemptionError,
} from '../../client/library.js';
import { claimOf } from '../../client/record/state.js';
import { listedCredits } from '../../limits/credits.js';
import type { CreditChoice, DialogContext } from './dialog-context.js';
import type { TextStyle } from '../terminal/text-style.js';
import { plainText } from '../terminal/plain-text.js';
import { wrapped } from '../terminal/wrapped-text.js';
import type { PromptOption } from '../terminal/prompts.js';
import { finishEarlier, ownAttempts } from './earlier.js';
import { RedeemStop } from './failure.js';
import { readAndStore } from './stored-reads.js';
import { creditText, questionLines } from './view.js';
import { lastRedemptionTexts } from './warnings.js';

/**
 * Asks which credit to redeem and for confirmation, then redeems it. Offers to finish an open attempt first.
 *
 * @param creditId the credit of `--credit`, so that only the confirmation is asked for
 * @throws what the client throws; RedeemStop if the user declines
 */
export async function redeemInDialog(
  options: Pick<DialogContext, 'client' | 'prompts' | 'clock' | 'signal'> & { textStyle: TextStyle },
  creditId: string | undefined,
): Promise<RedeemResult> {
  const { client, prompts, clock, signal, textStyle } = options;
  const dialog: DialogContext = {
    ...options,
    showText: (text) => prompts.show(wrapped(plainText(text, textStyle), prompts.columns)),
    renderContext: () => ({ nowMs: clock.nowMs(), textStyle: { ...textStyle, columns: prompts.columns } }),
  };
  prompts.open('Redeem a credit');
  let limits = await readLimits(dialog);
  const earlier = await finishEarlier(dialog, limits);
  if (earlier.result) return earlier.result;
  if (earlier.isReadStale) limits = await readLimits(dialog, limits);
  const context = dialog.renderContext();
  for (const text of lastRedemptionTexts(await ownAttempts(client), limits, context)) dialog.showText(text);
  let choice = await chooseCredit(dialog, limits, creditId);
  while (choice === 'readAgain') {
    limits = await readLimits(dialog, limits);
    choice = await chooseCredit(dialog, limits, creditId);
  }
  prompts.show(questionLines(choice, limits, dialog.renderContext()));
  if (!(await prompts.confirm('Redeem it now?'))) throw new RedeemStop('declined');
  dialog.showText('Redeeming …');
  try {
    return await client.redeem({ creditId: choice.creditId, signal });
  } catch (error) {
    return offerRetries(dialog, error);
  }
}

/** @throws RedemptionError `accountChanged` if the account is not the one of the read before */
async function readLimits(
  { client, signal, showText }: DialogContext,
  before?: GetAccountRateLimitsResponse,
): Promise<GetAccountRateLimitsResponse> {
  showText('Reading the limits …');
  const limits = await readAndStore(client, signal);
  if (!before || before.accountId === limits.accountId) return limits;
  throw new RedemptionError('accountChanged', 'another account is signed in');
}

/**
 * Lets the user choose a credit, the soonest expiry first. Expired credits are not offered, also not as one that the
 * backend chooses.
 *
 * @throws RedeemStop if the user leaves
 */
async function chooseCredit(
  { prompts, renderContext }: DialogContext,
  { rateLimitResetCredits: summary }: GetAccountRateLimitsResponse,
  wanted: string | undefined,
): Promise<CreditChoice | 'readAgain'> {
  const context = renderContext();
  const count = summary?.availableCount;
  const listed = listedCredits(summary);
  if (wanted !== undefined) return { creditId: wanted, credit: listed.find(({ id }) => id === wanted) };
  // If list and count differ, the count is right.
  const offered = count === 0 ? [] : redeemableCredits(summary, context.nowMs);
  const options: PromptOption<CreditChoice | 'readAgain' | 'leave'>[] = offered.map((credit) => ({
    value: { creditId: credit.id, credit },
    label: creditText(credit, context),
  }));
  if (count !== undefined && count > listed.filter(({ status }) => status === 'available').length) {
    const label = offered.length > 0 ? 'Another one, chosen by the backend' : 'One chosen by the backend';
    options.push({ value: { creditId: undefined, credit: undefined }, label });
  }
  if (options.length === 0) {
    if (count !== undefined)
      options.push({ value: 'leave', label: 'Redeem one (0 available)', isDisabled: true });
    options.push({ value: 'readAgain', label: 'Check again' });
  }
  options.push({ value: 'leave', label: 'Leave' });
  const question =
    count === undefined ? 'The number of reset credits is not known.' : `Reset credits: ${count}`;
  const chosen = await prompts.choose(question, options);
  if (chosen === undefined || chosen === 'leave') throw new RedeemStop('declined');
  return chosen;
}

/** Offers to send the same request again, with its key and credit, for as long as its outcome is not known. */
async function offerRetries(
  { client, prompts, signal, showText }: DialogContext,
  first: unknown,
): Promise<RedeemResult> {
  for (let error = first; ;) {
    if (!(error instanceof RedemptionError) || error.kind !== 'outcomeUnknown' || signal.aborted) throw error;
    const answer = await prompts.choose('It is not known whether a credit was used.', [
      { value: 'retry', label: 'Try the same one again; that uses no second credit' },
      { value: 'leave', label: 'Leave it open; the next redeem finishes it' },
    ]);
    if (answer !== 'retry') throw error;
    showText('Trying again …');
    try {
      const result = await client.resumeRedemption({ signal });
      if (result) return result;
      throw await whyNothingIsOpen(client, error.redemption);
    } catch (next) {
      error = next;
    }
  }
}

/** Finds out why the signed-in account has no open attempt any more. */
async function whyNothingIsOpen(client: AccountClient, before: Redemption | null): Promise<Error> {
  const redemption = (await client.redemptions()).find(({ key }) => key === before?.key);
  if (!redemption || claimOf(redemption, redemption.updatedAtMs) !== 'repeat') {
    return new RedeemStop('finishedElsewhere');
  }
  return new RedemptionError('accountChanged', 'another account is signed in', { redemption });
}
