import * as z from 'zod/mini';
import { CommandError } from './command-error.js';
import { described, int32, int64, named } from '../documented.js';
import { PlanType } from '../plan-type.js';
import { CreditsSnapshot, RateLimitReachedType, SpendControlLimitSnapshot } from '../rate-limits.js';
import { RateLimitResetCredit, RateLimitResetCreditOfUnknownExpiry } from '../reset-credits.js';

// The output of `usage --json`. A change that breaks readers needs version 2.

const UsagePace = named(
  'UsagePace',
  'The use of a window or budget against its time, as of the read.',
  z.object({
    elapsedPercent: described('How much of the time had passed, in percent.', int32()),
    verdict: described(
      '`ahead`: more is used than time has passed, by more than two percentage points.',
      z.enum(['ahead', 'onPace', 'behind']),
    ),
    emptyAt: described(
      'When nothing is left if use goes on like this, in Unix seconds. Null if that is not before the reset, and for windows under a day.',
      z.nullable(int64()),
    ),
  }),
);

const pace = described(
  'Null within the first 3 % of the time, at 0 % and at 100 %, and if the length is unknown.',
  z.nullable(UsagePace),
);

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
    pace,
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

const UsageBudget = named(
  'UsageBudget',
  'The monthly budget of the account, shown like a window.',
  z.object({
    limit: described('The amount as text of the backend.', z.string()),
    used: described(
      'The used amount as text of the backend. Null if the reset time has passed.',
      z.nullable(z.string()),
    ),
    left: described(
      'The amount that is left. Null if the reset time has passed, or if the amounts are not decimal numbers.',
      z.nullable(z.string()),
    ),
    usedPercent: described(
      'The used part in percent. It can be negative or above 100. Null if the reset time has passed.',
      z.nullable(int64()),
    ),
    resetsAt: described('The time of the next reset, in Unix seconds.', int64()),
    pace,
  }),
);
export type UsageBudget = z.infer<typeof UsageBudget>;

const limitKinds = ['rateLimit', 'spendLimit', 'workspaceCredits'] as const;

const UsageBlock = named(
  'UsageBlock',
  'The reason why the account is blocked, and the end of that.',
  z.object({
    limit: described(
      '`rateLimit`: the windows. `spendLimit`: the budget. `workspaceCredits`: the workspace is out of credits. Null if the backend does not say which.',
      z.nullable(z.enum(limitKinds)),
    ),
    windowDurationMins: described(
      'With `rateLimit`: the length of the full window that resets last, in minutes.',
      z.nullable(int64()),
    ),
    until: described(
      'When the block ends by itself, in Unix seconds. Null if that is not known.',
      z.nullable(int64()),
    ),
  }),
);

const UsageTightest = named(
  'UsageTightest',
  'The limit that binds: what blocks, else the window or budget of which the least is left.',
  z.object({
    limit: z.enum(limitKinds),
    windowDurationMins: described(
      'The length of the window in minutes. Null for another limit.',
      z.nullable(int64()),
    ),
    usedPercent: described('The used part in percent. It can be negative or above 100.', int64()),
    resetsAt: described('The time of the next reset, in Unix seconds.', z.nullable(int64())),
  }),
);

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

const UsageNeed = named(
  'UsageNeed',
  'One need of `--need`.',
  z.object({
    need: described(
      'The length of a window in minutes, as text, or `budget`, `tightest` or `credits`.',
      z.string(),
    ),
    needed: described('The part that has to be left in percent, or the number of reset credits.', int64()),
    have: described(
      'The part or number that is left. Null if it is not known, or if the account has no such limit.',
      z.nullable(int64()),
    ),
    isMet: described('Null if it is not known.', z.nullable(z.boolean())),
    resetsAt: described(
      'When a need that is not met is met by itself, in Unix seconds. Null if that is not known, or if it is met.',
      z.nullable(int64()),
    ),
  }),
);

const UsageGate = named(
  'UsageGate',
  'Whether enough is left to start.',
  z.object({
    verdict: described(
      '`enough`: use is allowed and every need is met. `tooLittle`: a need is not met.',
      z.enum(['enough', 'tooLittle', 'blocked', 'unknown']),
    ),
    expectedAt: described(
      'When the block ends and all needs are met by themselves, in Unix seconds. Null if that is not known, and with `enough`.',
      z.nullable(int64()),
    ),
    needs: z.array(UsageNeed),
  }),
);
export type UsageGate = z.infer<typeof UsageGate>;

export const UsageReport = named(
  'UsageReport',
  'The output of `usage --json` after a successful read.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    readAt: described('The time when the read began, in Unix seconds.', int64()),
    isCached: described('Whether the read was stored before, by this program or another one.', z.boolean()),
    permission: described(
      'Whether ordinary use is allowed. Percentages do not answer this. A block becomes unknown once what has caused it may have ended.',
      z.enum(['allowed', 'blocked', 'unknown']),
    ),
    block: described('The block. Null unless `permission` is `blocked`.', z.nullable(UsageBlock)),
    tightest: described(
      'The one of the limit `codex` that binds. Null if the use of no window and no budget is known.',
      z.nullable(UsageTightest),
    ),
    limitReached: described(
      'The limit that blocks the account, if the backend reports one.',
      z.nullable(RateLimitReachedType),
    ),
    accountId: described('The account of the limits.', z.nullable(z.string())),
    planType: z.nullable(PlanType),
    limits: described('Every limit, `codex` first.', z.array(UsageLimit)),
    credits: z.nullable(CreditsSnapshot),
    spendLimit: described('The budget as it was read.', z.nullable(SpendControlLimitSnapshot)),
    budget: z.nullable(UsageBudget),
    spendLimitReached: described(
      'Whether the spend limit blocks the account. Without `spendLimit`, false means that there is none, and null that it is not known.',
      z.nullable(z.boolean()),
    ),
    resetCredits: described(
      'Null if the backend reported neither a count nor a list.',
      z.nullable(UsageResetCredits),
    ),
    gate: described('Only with `--need`.', z.optional(UsageGate)),
    resetWouldHelp: described(
      'Whether it helps to use a reset credit now: the rate limit blocks, and not for the next 30 minutes only. False without a credit. Null if it is not known.',
      z.nullable(z.boolean()),
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
    error: CommandError,
  }),
);
export type UsageFailure = z.infer<typeof UsageFailure>;

named(
  'UsageOutput',
  'A line of `usage --json`: a failure if it has a member `error`.',
  z.union([UsageReport, UsageFailure]),
);
