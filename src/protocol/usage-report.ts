import * as z from 'zod/mini';
import { described, int32, int64, named } from './documented.js';
import { ErrorData } from './envelope.js';
import { PlanType } from './plan-type.js';
import { CreditsSnapshot, RateLimitReachedType, SpendControlLimitSnapshot } from './rate-limits.js';
import { RateLimitResetCredit } from './reset-credits.js';

// What `usage --json` prints. A change that would break a reader makes it version 2.

const UsageWindow = named(
  'UsageWindow',
  'One window of a limit as `usage --json` has it.',
  z.object({
    windowDurationMins: described(
      'Its length in minutes: 300 is five hours, 10080 a week.',
      z.nullable(int64()),
    ),
    usedPercent: described(
      'How much is used, in percent; may be negative or above 100. Null: its reset time has passed, so nobody knows.',
      z.nullable(int32()),
    ),
    resetsAt: described('When it starts again, in Unix seconds.', z.nullable(int64())),
  }),
);
export type UsageWindow = z.infer<typeof UsageWindow>;

const UsageLimit = named(
  'UsageLimit',
  'One limit and its windows, the shortest first.',
  z.object({
    limitId: described('Which limit; the ordinary one is `codex`.', z.string()),
    limitName: described('Its name for people; null for `codex`.', z.nullable(z.string())),
    windows: z.array(UsageWindow),
  }),
);
export type UsageLimit = z.infer<typeof UsageLimit>;

const UsageResetCredits = named(
  'UsageResetCredits',
  'The reset credits that can be redeemed.',
  z.object({
    availableCount: described('How many there are; the list may be shorter.', int64()),
    soonestExpiresAt: described(
      'When the first of the listed ones expires, in Unix seconds; null when none of them does.',
      z.nullable(int64()),
    ),
    credits: described(
      'Those of the list that have not expired, the soonest expiry first; null when only the count is known.',
      z.nullable(z.array(RateLimitResetCredit)),
    ),
  }),
);

export const UsageReport = named(
  'UsageReport',
  'What `usage --json` prints after a read.',
  z.object({
    version: described('The version of this shape.', z.literal(1)),
    readAt: described('When the figures were read, in Unix seconds.', int64()),
    permission: described(
      "The backend's word on whether ordinary use is allowed now; percentages do not tell. A block is unknown once a window has ended.",
      z.enum(['allowed', 'blocked', 'unknown']),
    ),
    limitReached: described(
      'Which limit stops the account, if the backend says so.',
      z.nullable(RateLimitReachedType),
    ),
    accountId: described('The account that the figures are about.', z.nullable(z.string())),
    planType: z.nullable(PlanType),
    limits: described('Every limit, `codex` first.', z.array(UsageLimit)),
    credits: z.nullable(CreditsSnapshot),
    spendLimit: z.nullable(SpendControlLimitSnapshot),
    spendLimitReached: described('Whether the spend limit stops the account.', z.nullable(z.boolean())),
    resetCredits: described(
      'Null when the backend gave neither count nor list.',
      z.nullable(UsageResetCredits),
    ),
  }),
);
export type UsageReport = z.infer<typeof UsageReport>;

export const UsageFailure = named(
  'UsageFailure',
  'What `usage --json` prints when nothing could be read.',
  z.object({
    version: described('The version of this shape.', z.literal(1)),
    failedAt: described('When it was tried, in Unix seconds.', int64()),
    error: z.object({
      message: described('One sentence for people.', z.string()),
      data: ErrorData,
    }),
  }),
);
export type UsageFailure = z.infer<typeof UsageFailure>;

named(
  'UsageOutput',
  'A line of `usage --json`: with a member `error` nothing could be read.',
  z.union([UsageReport, UsageFailure]),
);
