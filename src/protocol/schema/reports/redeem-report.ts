import * as z from 'zod/mini';
import { CommandError } from './command-error.js';
import { described, int32, int64, named } from '../documented.js';
import { redemptionStates } from '../../redemption-states.js';
import { UsageReport } from './usage-report.js';

// The output of `redeem --json`. A change that breaks readers needs version 2.

const version = described('The version of this format.', z.literal(1));

function windowUse(): { usedPercent: z.ZodMiniNumber; resetsAt: z.ZodMiniNullable<z.ZodMiniNumber> } {
  return {
    usedPercent: described('The used part, in percent.', int32()),
    resetsAt: described('The reset time, in Unix seconds.', z.nullable(int64())),
  };
}

const RedeemReversal = named(
  'RedeemReversal',
  'The return of windows from before a redemption, after it had reset them.',
  z.object({
    at: described('When the read began that showed it first, in Unix seconds.', int64()),
    windows: described(
      'The windows that came back, as that read showed them.',
      z.array(
        z.object({
          windowDurationMins: described('The length in minutes.', z.nullable(int64())),
          ...windowUse(),
        }),
      ),
    ),
  }),
);

const RedeemWindow = named(
  'RedeemWindow',
  'A window as it was before a redemption, and the effect of the redemption on it.',
  z.object({
    windowDurationMins: described(
      'The length in minutes: 300 is five hours, 10080 is a week.',
      z.nullable(int64()),
    ),
    usedPercent: described('The used part before the redemption, in percent.', int32()),
    resetsAt: described('The reset time before the redemption, in Unix seconds.', z.nullable(int64())),
    verdict: described(
      '`verified`: the window was reset. `pending`: it was in use and has not been reset yet. `unmoved`: it was not in use, or was not reset within four hours or before its own reset time.',
      z.enum(['verified', 'pending', 'unmoved']),
    ),
    after: described(
      'The window as the read showed it in which it had first started again. Null before, and if an older version has recorded it.',
      z.nullable(z.object(windowUse())),
    ),
  }),
);
export type RedeemWindow = z.infer<typeof RedeemWindow>;

export const RedeemAttempt = named(
  'RedeemAttempt',
  'An attempt to redeem a credit, as recorded in the journal.',
  z.object({
    accountId: z.string(),
    creditId: described('Null if the backend chose the credit.', z.nullable(z.string())),
    state: described(
      '`sending`, `unclear`: the attempt is open, and `redeem` finishes it. `redeemed`: a credit was used; the limits have not been read since. `pending`, `partial`, `verified`: a credit was used; none, some or all of the windows have been reset. `settled`: they have stayed so for an hour. `reverted`: a window from before has come back. `abandoned`: the attempt was given up, and it is unknown whether a credit was used. Any other state: no credit was used.',
      z.enum(redemptionStates),
    ),
    startedAt: described('The time of the start, in Unix seconds.', int64()),
    updatedAt: described('The time of the last change, in Unix seconds.', int64()),
    redeemedAt: described(
      'The time of the response that confirmed the use of a credit, in Unix seconds.',
      z.nullable(int64()),
    ),
    windows: z.array(RedeemWindow),
    ruleId: described(
      'The id of the consent to the rule that began it, as `redeem --rules` lists it. Null if a user began it.',
      z.nullable(int64()),
    ),
    abandonReason: described('Why the attempt was given up. Null if it was not.', z.nullable(z.string())),
    reversal: described(
      'When windows from before last came back. Null if none has. It stays if they are reset again.',
      z.nullable(RedeemReversal),
    ),
  }),
);
export type RedeemAttempt = z.infer<typeof RedeemAttempt>;

const spent = described('Whether this attempt has used a credit.', z.enum(['yes', 'no', 'unknown']));

export const RedeemReport = named(
  'RedeemReport',
  'The output of `redeem --json` if the outcome is known.',
  z.object({
    version,
    spent,
    isRepeated: described('Whether the attempt was open before this command.', z.boolean()),
    redemption: RedeemAttempt,
    usage: described(
      'The limits after the redemption. Null if they could not be read.',
      z.nullable(UsageReport),
    ),
  }),
);
export type RedeemReport = z.infer<typeof RedeemReport>;

export const RedeemFailure = named(
  'RedeemFailure',
  'The output of `redeem --json` if there is no outcome.',
  z.object({
    version,
    failedAt: described('The time of the failure, in Unix seconds.', int64()),
    spent,
    error: described(
      'Its kind is `declined`, `interrupted`, `finishedElsewhere`, `nothingOpen`, `needsForce`, `noConsent`, `ruleRevoked`, `conditionsUnmet`, or an error kind of the protocol or of the client library.',
      CommandError,
    ),
    redemption: described('The attempt that failed, if one was made.', z.nullable(RedeemAttempt)),
  }),
);
export type RedeemFailure = z.infer<typeof RedeemFailure>;

export const RedeemHistory = named(
  'RedeemHistory',
  'The output of `redeem --history --json`.',
  z.object({
    version,
    redemptions: described('Every attempt of this CODEX_HOME, newest first.', z.array(RedeemAttempt)),
  }),
);
export type RedeemHistory = z.infer<typeof RedeemHistory>;

named(
  'RedeemOutput',
  'The output of `redeem --json`: a failure if it has a member `error`, the history if it has `redemptions`.',
  z.union([RedeemReport, RedeemFailure, RedeemHistory]),
);
