import * as z from 'zod/mini';
import { addition, described, int32, int64, named } from './documented.js';
import { ErrorKind } from './envelope.js';
import { PlanType } from './plan-type.js';
import { RateLimitResetCreditsSummary } from './reset-credits.js';

export const RateLimitWindow = named(
  'RateLimitWindow',
  'One window of a limit. Identify a window by its duration, never by `primary` or `secondary`.',
  z.object({
    usedPercent: described('The used part in percent. It can be negative or above 100.', int32()),
    windowDurationMins: described(
      'The length in minutes, rounded up: 300 is five hours, 10080 is a week. It may differ from these by a few percent.',
      z.nullable(int64()),
    ),
    resetsAt: described('The time of the next reset, in Unix seconds.', z.nullable(int64())),
  }),
);
export type RateLimitWindow = z.infer<typeof RateLimitWindow>;

export const CreditsSnapshot = named(
  'CreditsSnapshot',
  'Purchased credits, which pay for use beyond the windows. Not the reset credits.',
  z.object({
    hasCredits: described('Whether the account has credits.', z.boolean()),
    unlimited: described('Whether the credits never run out.', z.boolean()),
    balance: described('The balance as text of the backend.', z.nullable(z.string())),
  }),
);
export type CreditsSnapshot = z.infer<typeof CreditsSnapshot>;

export const SpendControlLimitSnapshot = named(
  'SpendControlLimitSnapshot',
  'The spend limit of a workspace member.',
  z.object({
    limit: described('The limit as text of the backend.', z.string()),
    used: described('The used part as text of the backend.', z.string()),
    remainingPercent: described('The remaining part in percent.', int32()),
    resetsAt: described('The time of the next reset, in Unix seconds.', int64()),
  }),
);
export type SpendControlLimitSnapshot = z.infer<typeof SpendControlLimitSnapshot>;

export const RateLimitReachedType = named(
  'RateLimitReachedType',
  'The limit that blocks the account.',
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
  'One limit and its windows. The limit `codex` also has credits, spend limit and plan of the account.',
  z.object({
    limitId: described('The id of the limit. The ordinary limit is `codex`.', z.nullable(z.string())),
    limitName: described('The name for people. Null for `codex`.', z.nullable(z.string())),
    normalModelSlug: described(
      'The model that the limit applies to, if it is a single one.',
      z.nullable(z.string()),
    ),
    primary: z.nullable(RateLimitWindow),
    secondary: z.nullable(RateLimitWindow),
    credits: z.nullable(CreditsSnapshot),
    individualLimit: z.nullable(SpendControlLimitSnapshot),
    spendControlReached: described(
      'Whether the spend limit blocks the account. Without `individualLimit`, false means that there is no spend limit, and null that it is not known.',
      z.nullable(z.boolean()),
    ),
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
      'Leaves out the list of reset credits, which saves a request to the backend.',
      z.optional(z.boolean()),
    ),
    includeUserId: addition(
      'Adds the user id of the login that the limits were read with to the result, and joins no earlier read in flight.',
      z.optional(z.boolean()),
    ),
    maxAgeSecs: addition(
      'Allows an answer that another process has read with this login at most this many seconds ago, and adds `readAt` to the result. 0: the answer is read now, and stored for the others.',
      z.nullish(int64()),
    ),
  }),
);
export type GetAccountRateLimitsParams = z.infer<typeof GetAccountRateLimitsParams>;

export const GetAccountRateLimitsResponse = named(
  'GetAccountRateLimitsResponse',
  'The used part of every limit, and the reset credits.',
  z.object({
    rateLimits: RateLimitSnapshot,
    rateLimitsByLimitId: described(
      'Every limit by its id, including `codex`.',
      z.nullable(z.record(z.string(), RateLimitSnapshot)),
    ),
    rateLimitResetCredits: described(
      'Null if the backend reported neither a count nor a list.',
      z.nullable(RateLimitResetCreditsSummary),
    ),
    accountId: described('The account of the limits.', z.nullable(z.string())),
    ordinaryUsageAllowed: described(
      'Whether the backend allows ordinary use now. Null if it did not report that for this login. Percentages do not answer this.',
      z.nullable(z.boolean()),
    ),
    rateLimitUpsell: described("The backend's offer of more usage, in its own shape.", z.unknown()),
    userId: described(
      'Only with `includeUserId`: the user id in the login that the limits were read with.',
      z.optional(z.nullable(z.string())),
    ),
    readAt: described(
      'Only with `maxAgeSecs`: when the read began that the limits come from, in Unix seconds.',
      z.optional(int64()),
    ),
  }),
);
export type GetAccountRateLimitsResponse = z.infer<typeof GetAccountRateLimitsResponse>;

// `watch` and `unwatch` are additions of this server. The notification is part of Codex's protocol.

export const WatchAccountRateLimitsParams = named(
  'WatchAccountRateLimitsParams',
  'Parameters of `account/rateLimits/watch`.',
  z.object({
    intervalSecs: described(
      'The interval between reads, in seconds. Defaults to 60 and is limited to 15 to 3600.',
      z.nullish(int64()),
    ),
    progress: addition(
      'Whether each read is reported with the time of the next one, even if nothing has changed. Defaults to false.',
      z.nullish(z.boolean()),
    ),
  }),
);
export type WatchAccountRateLimitsParams = z.infer<typeof WatchAccountRateLimitsParams>;

export const WatchAccountRateLimitsResponse = named(
  'WatchAccountRateLimitsResponse',
  'The watch has started, or has changed its interval.',
  z.object({ intervalSecs: described('The interval in use, in seconds.', int64()) }),
);
export type WatchAccountRateLimitsResponse = z.infer<typeof WatchAccountRateLimitsResponse>;

export const UnwatchAccountRateLimitsResponse = named(
  'UnwatchAccountRateLimitsResponse',
  'The watch has ended.',
  z.object({}),
);
export type UnwatchAccountRateLimitsResponse = z.infer<typeof UnwatchAccountRateLimitsResponse>;

export const AccountRateLimitsUpdatedNotification = named(
  'AccountRateLimitsUpdatedNotification',
  'A watched limit has changed. The snapshot is complete.',
  z.object({
    rateLimits: RateLimitSnapshot,
    ordinaryUsageAllowed: described(
      'Whether use is allowed now, as in a read. Codex does not send it.',
      z.nullish(z.boolean()),
    ),
    accountId: described(
      'The account that the limits are of, as in a read. Codex does not send it.',
      z.nullish(z.string()),
    ),
    nextReadAt: described(
      'When the watch reads next, in Unix seconds. Left out unless the watch was asked for `progress`.',
      z.optional(int64()),
    ),
  }),
);

export const AccountRateLimitsWatchFailedNotification = named(
  'AccountRateLimitsWatchFailedNotification',
  'The reads of a watch fail. Sent for the first failure, and again if the reason changes.',
  z.object({
    kind: ErrorKind,
    retryAfterMs: described(
      'How long the backend asks to wait, in milliseconds. Left out if it does not.',
      z.optional(int64()),
    ),
    nextReadAt: described('When the watch reads next, in Unix seconds.', int64()),
  }),
);
