import * as z from 'zod/mini';
import { described, int32, int64, named } from '../documented.js';
import { redemptionStates } from '../../redemption-states.js';

// The output of `usage --history --json` and a part of that of `redeem --evidence --json`.

function change<Kind extends string, Members extends z.core.$ZodLooseShape>(
  kind: Kind,
  members: Members,
): z.ZodMiniObject<
  Members & { at: z.ZodMiniNumber; source: z.ZodMiniString<string>; kind: z.ZodMiniLiteral<Kind> }
> {
  return z.object({
    at: described('When the read began that showed it, in Unix seconds.', int64()),
    source: described('The name of the program that has read it.', z.string()),
    kind: z.literal(kind),
    ...members,
  });
}

const LoggedWindow = named(
  'LoggedWindow',
  'The use of a window, and its boundary.',
  z.object({
    usedPercent: described('The used part, in percent.', int32()),
    resetsAt: described('The reset time, in Unix seconds.', z.nullable(int64())),
  }),
);

const LoggedBudget = named(
  'LoggedBudget',
  'The spend limit of a limit.',
  z.object({
    limit: described('The amount of the limit, as the backend wrote it.', z.string()),
    used: described('The used amount, as the backend wrote it.', z.string()),
    remainingPercent: described('The part that is left, in percent.', int32()),
    resetsAt: described('The reset time, in Unix seconds.', int64()),
  }),
);

const LoggedCreditCount = named(
  'LoggedCreditCount',
  'The number of reset credits.',
  z.object({ availableCount: int64() }),
);

const LoggedCredit = named(
  'LoggedCredit',
  'A reset credit.',
  z.object({
    id: z.string(),
    status: z.string(),
    expiresAt: described(
      'In Unix seconds. Null if it never expires. Absent if that is not known.',
      z.optional(z.nullable(int64())),
    ),
  }),
);

const limitId = (): z.ZodMiniString => described('The id of the limit.', z.string());

const LoggedWindowChange = named(
  'LoggedWindowChange',
  'A change of a window.',
  change('window', {
    limitId: limitId(),
    windowDurationMins: described(
      'The length in minutes: 300 is five hours, 10080 is a week.',
      z.nullable(int64()),
    ),
    before: described('Null if it is new, or was not known.', z.nullable(LoggedWindow)),
    after: described('Null if it has gone.', z.nullable(LoggedWindow)),
    move: described(
      '`used`: nothing but use. `ended`: its boundary has passed, and the next one has begun. `early`: it has started again before its boundary. `back`: an earlier window has come back. Null if `before` or `after` is.',
      z.nullable(z.enum(['used', 'ended', 'early', 'back'])),
    ),
    movedWithoutUs: described(
      'With `early`: whether no redemption of this CODEX_HOME can have caused it. Null if that is not known.',
      z.nullable(z.boolean()),
    ),
  }),
);

const LoggedBudgetChange = named(
  'LoggedBudgetChange',
  'A change of a spend limit.',
  change('budget', {
    limitId: limitId(),
    before: described('Null if there was none, or it was not known.', z.nullable(LoggedBudget)),
    after: described('Null if there is none.', z.nullable(LoggedBudget)),
  }),
);

const LoggedCreditChange = named(
  'LoggedCreditChange',
  'A change of the reset credits.',
  change('resetCredits', {
    before: described('Null if it was not known.', z.nullable(LoggedCreditCount)),
    after: LoggedCreditCount,
    added: described(
      'The credits that are new or have another status. Empty unless both reads listed the credits.',
      z.array(LoggedCredit),
    ),
    removed: described('The credits that have gone.', z.array(LoggedCredit)),
  }),
);

export const LoggedChange = named(
  'LoggedChange',
  'A change of the limits that a process with this CODEX_HOME has seen.',
  z.union([LoggedWindowChange, LoggedBudgetChange, LoggedCreditChange]),
);
export type LoggedChange = z.infer<typeof LoggedChange>;

const HistoryRedemption = named(
  'HistoryRedemption',
  'An attempt to redeem a credit.',
  z.object({
    startedAt: described('The time of the start, in Unix seconds.', int64()),
    redeemedAt: described(
      'When it became known that a credit was used, in Unix seconds.',
      z.nullable(int64()),
    ),
    state: z.enum(redemptionStates),
    creditId: described('Null if the backend chose the credit.', z.nullable(z.string())),
  }),
);

export const UsageHistory = named(
  'UsageHistory',
  'The output of `usage --history --json`.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    accountId: described(
      'The account. Null if it is not known and nothing is recorded.',
      z.nullable(z.string()),
    ),
    changes: described('The changes of its limits, oldest first.', z.array(LoggedChange)),
    redemptions: described('The attempts of this account, oldest first.', z.array(HistoryRedemption)),
    skippedLines: described(
      'How many lines of the log cannot be read, for example because a newer version wrote them.',
      int64(),
    ),
  }),
);
export type UsageHistory = z.infer<typeof UsageHistory>;
