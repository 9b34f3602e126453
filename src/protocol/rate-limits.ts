import * as z from 'zod/mini';
import { described, int32, int64, named } from './documented.js';
import { PlanType } from './plan-type.js';
import { RateLimitResetCreditsSummary } from './reset-credits.js';

export const RateLimitWindow = named(
  'RateLimitWindow',
  'One window of a limit. Windows are told apart by their duration, never by their slot.',
  z.object({
    usedPercent: described('How much is used, in percent; may be negative or above 100.', int32()),
    windowDurationMins: described(
      'Its length in minutes, rounded up: 300 is five hours, 10080 a week.',
      z.nullable(int64()),
    ),
    resetsAt: described('When it starts again, in Unix seconds.', z.nullable(int64())),
  }),
);
export type RateLimitWindow = z.infer<typeof RateLimitWindow>;

export const CreditsSnapshot = named(
  'CreditsSnapshot',
  'Bought credits, which pay for use beyond the windows. Not the reset credits.',
  z.object({
    hasCredits: described('Whether the account has any.', z.boolean()),
    unlimited: described('Whether they never run out.', z.boolean()),
    balance: described("The balance as the backend's own text.", z.nullable(z.string())),
  }),
);
export type CreditsSnapshot = z.infer<typeof CreditsSnapshot>;

export const SpendControlLimitSnapshot = named(
  'SpendControlLimitSnapshot',
  'The spend limit of this member of a workspace.',
  z.object({
    limit: described("The limit as the backend's own text.", z.string()),
    used: described("What is used of it, as the backend's own text.", z.string()),
    remainingPercent: described('What is left of it, in percent.', int32()),
    resetsAt: described('When it starts again, in Unix seconds.', int64()),
  }),
);
export type SpendControlLimitSnapshot = z.infer<typeof SpendControlLimitSnapshot>;

export const RateLimitReachedType = named(
  'RateLimitReachedType',
  'Which limit stops the account.',
  z.enum([
    'rate_limit_reached',
    'workspace_owner_credits_depleted',
    'workspace_member_credits_depleted',
    'workspace_owner_usage_limit_reached',
    'workspace_member_usage_limit_reached',
  ]),
);
export type RateLimitReachedType = z.infer<typeof RateLimitReachedType>;

export const RateLimitSnapshot = named(
  'RateLimitSnapshot',
  'One limit: its windows, and for the limit `codex` what the account has besides.',
  z.object({
    limitId: described('Which limit; the ordinary one is `codex`.', z.nullable(z.string())),
    limitName: described('Its name for people; null for `codex`.', z.nullable(z.string())),
    normalModelSlug: described('The model that this limit is about, if one.', z.nullable(z.string())),
    primary: z.nullable(RateLimitWindow),
    secondary: z.nullable(RateLimitWindow),
    credits: z.nullable(CreditsSnapshot),
    individualLimit: z.nullable(SpendControlLimitSnapshot),
    spendControlReached: described('Whether the spend limit stops the account.', z.nullable(z.boolean())),
    planType: z.nullable(PlanType),
    rateLimitReachedType: z.nullable(RateLimitReachedType),
  }),
);
export type RateLimitSnapshot = z.infer<typeof RateLimitSnapshot>;

export const GetAccountRateLimitsParams = named(
  'GetAccountRateLimitsParams',
  'Parameters of `account/rateLimits/read`.',
  z.object({
    supportsLunaReserve: described(
      'Tells the backend that the client can show a reserve.',
      z.optional(z.boolean()),
    ),
    excludeResetCreditDetails: described(
      'Leaves the list of reset credits out, which spares a request.',
      z.optional(z.boolean()),
    ),
  }),
);
export type GetAccountRateLimitsParams = z.infer<typeof GetAccountRateLimitsParams>;

export const GetAccountRateLimitsResponse = named(
  'GetAccountRateLimitsResponse',
  'How much of the limits is used, and which reset credits there are.',
  z.object({
    rateLimits: RateLimitSnapshot,
    rateLimitsByLimitId: described(
      'Every limit by its id, `codex` among them.',
      z.nullable(z.record(z.string(), RateLimitSnapshot)),
    ),
    rateLimitResetCredits: described(
      'Null when the backend gave neither count nor list.',
      z.nullable(RateLimitResetCreditsSummary),
    ),
    accountId: described('The account that the figures are about.', z.nullable(z.string())),
    ordinaryUsageAllowed: described(
      "The backend's word on whether ordinary use is allowed now; null when it gave none for this login. Percentages do not tell.",
      z.nullable(z.boolean()),
    ),
    rateLimitUpsell: described('What the backend offers instead, in its own shape.', z.unknown()),
  }),
);
export type GetAccountRateLimitsResponse = z.infer<typeof GetAccountRateLimitsResponse>;
