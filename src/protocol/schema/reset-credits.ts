import * as z from 'zod/mini';
import { addition, described, int64, named, variant } from './documented.js';

const RateLimitResetType = named(
  'RateLimitResetType',
  'The limits that a credit resets.',
  z.union([
    variant('codexRateLimits', 'The Codex rate-limit windows.'),
    variant('unknown', 'A type that this server does not know.'),
  ]),
);

export const RateLimitResetCreditStatus = named(
  'RateLimitResetCreditStatus',
  'Whether a credit can be redeemed.',
  z.union([
    variant('available', 'The credit can be redeemed.'),
    variant('redeeming', 'A redemption is under way. Only its own key can repeat it.'),
    variant('redeemed', 'The credit has been used.'),
    variant('unknown', 'A status that this server does not know. The credit cannot be redeemed.'),
  ]),
);
export type RateLimitResetCreditStatus = z.infer<typeof RateLimitResetCreditStatus>;

export const RateLimitResetCredit = named(
  'RateLimitResetCredit',
  'One earned reset credit.',
  z.object({
    id: described('The id of the credit, for a consume.', z.string()),
    resetType: RateLimitResetType,
    status: RateLimitResetCreditStatus,
    grantedAt: described('The time it was earned, in Unix seconds.', int64()),
    expiresAt: described('The time it expires, in Unix seconds. Null means never.', z.nullable(int64())),
    title: described('A heading for people.', z.nullable(z.string())),
    description: described('A sentence for people.', z.nullable(z.string())),
  }),
);
export type RateLimitResetCredit = z.infer<typeof RateLimitResetCredit>;

export const RateLimitResetCreditOfUnknownExpiry = named(
  'RateLimitResetCreditOfUnknownExpiry',
  'An earned reset credit whose expiry the server cannot read.',
  z.omit(RateLimitResetCredit, { expiresAt: true }),
);
export type RateLimitResetCreditOfUnknownExpiry = z.infer<typeof RateLimitResetCreditOfUnknownExpiry>;

export const RateLimitResetCreditsSummary = named(
  'RateLimitResetCreditsSummary',
  'The number of reset credits, and the credits as far as they are listed.',
  z.object({
    availableCount: described(
      'The number of credits that can be redeemed. It is authoritative: the list can be shorter.',
      int64(),
    ),
    credits: described(
      'The credits in the order of the backend, unfiltered, except those whose expiry cannot be read. Null if there are no others, or only the count is known. Empty if the backend listed none.',
      z.nullable(z.array(RateLimitResetCredit)),
    ),
    creditsOfUnknownExpiry: described(
      'The credits whose expiry cannot be read. Left out if there are none.',
      z.optional(z.array(RateLimitResetCreditOfUnknownExpiry)),
    ),
  }),
);
export type RateLimitResetCreditsSummary = z.infer<typeof RateLimitResetCreditsSummary>;

export const ConsumeAccountRateLimitResetCreditParams = named(
  'ConsumeAccountRateLimitResetCreditParams',
  'Parameters of `account/rateLimitResetCredit/consume`.',
  z.object({
    idempotencyKey: described(
      'The key of this attempt, preferably a UUID. A retry of the same attempt repeats the key unchanged. Not empty.',
      z.string(),
    ),
    creditId: described(
      'The credit to redeem. The backend chooses one by default. Not empty.',
      z.nullish(z.string()),
    ),
    expectedAccountId: addition(
      'The account whose credit may be used. If another one is signed in, nothing is sent.',
      z.nullish(z.string()),
    ),
    expectedUserId: addition(
      'The user whose credit may be used. If another one is signed in, or the login does not name its user, nothing is sent.',
      z.nullish(z.string()),
    ),
  }),
);
export type ConsumeAccountRateLimitResetCreditParams = z.infer<
  typeof ConsumeAccountRateLimitResetCreditParams
>;

export const ConsumeAccountRateLimitResetCreditOutcome = named(
  'ConsumeAccountRateLimitResetCreditOutcome',
  'The outcome of a consume.',
  z.union([
    variant('reset', 'A credit was used and the eligible windows were reset. Read the limits again.'),
    variant('nothingToReset', 'No window is eligible now. No credit was used, and the key is finished.'),
    variant(
      'noCredit',
      'No credit is available. With `creditId`: that credit is gone, others may remain. No credit was used.',
    ),
    variant(
      'alreadyRedeemed',
      'This key has already completed a reset. No further credit was used. Treat it as `reset`.',
    ),
  ]),
);
export type ConsumeAccountRateLimitResetCreditOutcome = z.infer<
  typeof ConsumeAccountRateLimitResetCreditOutcome
>;

export const ConsumeAccountRateLimitResetCreditResponse = named(
  'ConsumeAccountRateLimitResetCreditResponse',
  'The result of a consume. It has the outcome only: read the limits again for the new state.',
  z.object({ outcome: ConsumeAccountRateLimitResetCreditOutcome }),
);
export type ConsumeAccountRateLimitResetCreditResponse = z.infer<
  typeof ConsumeAccountRateLimitResetCreditResponse
>;
