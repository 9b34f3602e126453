import * as z from 'zod/mini';
import { described, int32, int64, named } from './documented.js';
import { ErrorData } from './envelope.js';
import { PlanType } from './plan-type.js';
import { CreditsSnapshot, RateLimitReachedType, SpendControlLimitSnapshot } from './rate-limits.js';
import { RateLimitResetCredit, RateLimitResetCreditOfUnknownExpiry } from './reset-credits.js';

// The output of `usage --json`. A change that breaks readers needs version 2.

const UsageWindow = named(
  'UsageWindow',
  'One window of a limit in the output of `usage --json`.',
  z.object({
    windowDurationMins: described(
      'The length in minutes: 300 is five hours, 10080 is a week.',
      z.nullable(int64()),
    ),
    usedPercent: described(
      'The used part in percent. It can be negative or above 100. Null if the reset time has passed, as the usage is then unknown.',
      z.nullable(int32()),
    ),
    resetsAt: described('The time of the next reset, in Unix seconds.', z.nullable(int64())),
  }),
);
export type UsageWindow = z.infer<typeof UsageWindow>;

const UsageLimit = named(
  'UsageLimit',
  'One limit and its windows, shortest first.',
  z.object({
    limitId: described('The id of the limit. The ordinary limit is `codex`.', z.string()),
    limitName: described('The name for people. Null for `codex`.', z.nullable(z.string())),
    windows: z.array(UsageWindow),
  }),
);
export type UsageLimit = z.infer<typeof UsageLimit>;

const UsageResetCredits = named(
  'UsageResetCredits',
  'The reset credits that can be redeemed.',
  z.object({
    availableCount: described('The number of credits. The list can be shorter.', int64()),
    soonestExpiresAt: described(
      'The earliest expiry that is known, in Unix seconds. Null if none is.',
      z.nullable(int64()),
    ),
    credits: described(
      'The listed credits that have not expired, earliest expiry first. Null if only the count is known, or no expiry is.',
      z.nullable(z.array(RateLimitResetCredit)),
    ),
    creditsOfUnknownExpiry: described(
      'The listed credits whose expiry cannot be read.',
      z.array(RateLimitResetCreditOfUnknownExpiry),
    ),
  }),
);

export const UsageReport = named(
  'UsageReport',
  'The output of `usage --json` after a successful read.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    readAt: described('The time when the read began, in Unix seconds.', int64()),
    isCached: described('Whether the read was stored before, by this program or another one.', z.boolean()),
    permission: described(
      'Whether the backend allows ordinary use. Percentages do not answer this. A block becomes unknown once a window has ended.',
      z.enum(['allowed', 'blocked', 'unknown']),
    ),
    limitReached: described(
      'The limit that blocks the account, if the backend reports one.',
      z.nullable(RateLimitReachedType),
    ),
    accountId: described('The account of the limits.', z.nullable(z.string())),
    planType: z.nullable(PlanType),
    limits: described('Every limit, `codex` first.', z.array(UsageLimit)),
    credits: z.nullable(CreditsSnapshot),
    spendLimit: z.nullable(SpendControlLimitSnapshot),
    spendLimitReached: described(
      'Whether the spend limit blocks the account. Without `spendLimit`, false means that there is none, and null that it is not known.',
      z.nullable(z.boolean()),
    ),
    resetCredits: described(
      'Null if the backend reported neither a count nor a list.',
      z.nullable(UsageResetCredits),
    ),
  }),
);
export type UsageReport = z.infer<typeof UsageReport>;

export const UsageFailure = named(
  'UsageFailure',
  'The output of `usage --json` after a failed read.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    failedAt: described('The time of the failure, in Unix seconds.', int64()),
    error: z.object({
      message: described('One sentence for people.', z.string()),
      data: ErrorData,
    }),
  }),
);
export type UsageFailure = z.infer<typeof UsageFailure>;

named(
  'UsageOutput',
  'A line of `usage --json`: a failure if it has a member `error`.',
  z.union([UsageReport, UsageFailure]),
);
