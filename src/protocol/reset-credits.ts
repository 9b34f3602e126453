import * as z from 'zod/mini';
import { described, int64, named, variant } from './documented.js';

const RateLimitResetType = named(
  'RateLimitResetType',
  'What a credit resets.',
  z.union([
    variant('codexRateLimits', 'The Codex rate-limit windows.'),
    variant('unknown', 'Something this server does not know.'),
  ]),
);

export const RateLimitResetCreditStatus = named(
  'RateLimitResetCreditStatus',
  'Whether a credit can be redeemed.',
  z.union([
    variant('available', 'It can be redeemed.'),
    variant('redeeming', 'A redemption is under way; only its own key may repeat it.'),
    variant('redeemed', 'It has been used.'),
    variant('unknown', 'A state this server does not know; never redeemable.'),
  ]),
);
export type RateLimitResetCreditStatus = z.infer<typeof RateLimitResetCreditStatus>;

export const RateLimitResetCredit = named(
  'RateLimitResetCredit',
  'One earned reset credit, as the backend lists it.',
  z.object({
    id: described('Names the credit in a consume.', z.string()),
    resetType: RateLimitResetType,
    status: RateLimitResetCreditStatus,
    grantedAt: described('When it was earned, in Unix seconds.', int64()),
    expiresAt: described('When it expires, in Unix seconds; null means never.', z.nullable(int64())),
    title: described('A heading for people.', z.nullable(z.string())),
    description: described('A sentence for people.', z.nullable(z.string())),
  }),
);
export type RateLimitResetCredit = z.infer<typeof RateLimitResetCredit>;

export const RateLimitResetCreditsSummary = named(
  'RateLimitResetCreditsSummary',
  'How many reset credits there are, and which.',
  z.object({
    availableCount: described(
      'How many can be redeemed. It is authoritative: the list may be shorter.',
      int64(),
    ),
    credits: described(
      'The credits in the order of the backend, unfiltered. Null when only the count is known; empty when none was returned.',
      z.nullable(z.array(RateLimitResetCredit)),
    ),
  }),
);
export type RateLimitResetCreditsSummary = z.infer<typeof RateLimitResetCreditsSummary>;

export const ConsumeAccountRateLimitResetCreditParams = named(
  'ConsumeAccountRateLimitResetCreditParams',
  'Parameters of `account/rateLimitResetCredit/consume`.',
  z.object({
    idempotencyKey: described(
      'Names this attempt, best a UUID. A retry of the same attempt repeats it unchanged. Not empty.',
      z.string(),
    ),
    creditId: described(
      'The credit to redeem. Left out, the backend chooses. Not empty.',
      z.nullish(z.string()),
    ),
  }),
);
export type ConsumeAccountRateLimitResetCreditParams = z.infer<
  typeof ConsumeAccountRateLimitResetCreditParams
>;

export const ConsumeAccountRateLimitResetCreditOutcome = named(
  'ConsumeAccountRateLimitResetCreditOutcome',
  'What a consume did.',
  z.union([
    variant('reset', 'A credit was used and the eligible windows were reset. Read again.'),
    variant('nothingToReset', 'No window is eligible now. No credit was used; the key is finished.'),
    variant(
      'noCredit',
      'None available; with `creditId`: that credit is gone, others may remain. No credit was used.',
    ),
    variant(
      'alreadyRedeemed',
      'This same key has completed a reset before. No further credit was used; treat it as `reset`.',
    ),
  ]),
);
export type ConsumeAccountRateLimitResetCreditOutcome = z.infer<
  typeof ConsumeAccountRateLimitResetCreditOutcome
>;

export const ConsumeAccountRateLimitResetCreditResponse = named(
  'ConsumeAccountRateLimitResetCreditResponse',
  'The outcome of a consume, and nothing else: read the limits again for the new state.',
  z.object({ outcome: ConsumeAccountRateLimitResetCreditOutcome }),
);
export type ConsumeAccountRateLimitResetCreditResponse = z.infer<
  typeof ConsumeAccountRateLimitResetCreditResponse
>;
