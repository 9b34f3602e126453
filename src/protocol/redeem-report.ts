import * as z from 'zod/mini';
import { described, int32, int64, named } from './documented.js';
import { redemptionStates } from './redemption-states.js';
import { UsageReport } from './usage-report.js';

// What `redeem --json` prints. A change that would break a reader makes it version 2.

const version = described('The version of this shape.', z.literal(1));

const RedeemWindow = named(
  'RedeemWindow',
  'A window as it was before a redemption, and what became of it.',
  z.object({
    windowDurationMins: described(
      'Its length in minutes: 300 is five hours, 10080 a week.',
      z.nullable(int64()),
    ),
    usedPercent: described('How much was used before, in percent.', int32()),
    resetsAt: described('When it would have started again by itself, in Unix seconds.', z.nullable(int64())),
    verdict: described(
      '`verified`: it has started anew. `pending`: it was in use and has not moved yet. `unmoved`: there was nothing to reset, or it has not moved in four hours.',
      z.enum(['verified', 'pending', 'unmoved']),
    ),
  }),
);
export type RedeemWindow = z.infer<typeof RedeemWindow>;

const RedeemAttempt = named(
  'RedeemAttempt',
  'An attempt to redeem a credit, as the journal has it.',
  z.object({
    accountId: z.string(),
    creditId: described('Null: the backend chose.', z.nullable(z.string())),
    state: described(
      '`sending`, `unclear`: open, and `redeem` finishes it. `redeemed`, `pending`, `partial`, `verified`: a credit was used, and nobody has looked yet, or none, some or all of the windows have moved. The others: no credit was used.',
      z.enum(redemptionStates),
    ),
    startedAt: described('In Unix seconds.', int64()),
    updatedAt: described('When something became of it last, in Unix seconds.', int64()),
    redeemedAt: described('When its credit was known to be used, in Unix seconds.', z.nullable(int64())),
    windows: z.array(RedeemWindow),
  }),
);
export type RedeemAttempt = z.infer<typeof RedeemAttempt>;

const spent = described('Whether this attempt has used a credit.', z.enum(['yes', 'no', 'unknown']));

export const RedeemReport = named(
  'RedeemReport',
  'What `redeem --json` prints once the outcome is known.',
  z.object({
    version,
    spent,
    isRepeated: described('Whether it is an attempt that was open before.', z.boolean()),
    redemption: RedeemAttempt,
    usage: described('The limits after it; null where they could not be read.', z.nullable(UsageReport)),
  }),
);
export type RedeemReport = z.infer<typeof RedeemReport>;

export const RedeemFailure = named(
  'RedeemFailure',
  'What `redeem --json` prints when it did not come to an outcome.',
  z.object({
    version,
    failedAt: described('In Unix seconds.', int64()),
    spent,
    error: z.object({
      message: described('One sentence for people.', z.string()),
      kind: described(
        'Why: `declined`, `interrupted`, or a kind of the errors of the protocol or of the client library.',
        z.string(),
      ),
    }),
    redemption: described('The attempt that it is about.', z.nullable(RedeemAttempt)),
  }),
);
export type RedeemFailure = z.infer<typeof RedeemFailure>;

export const RedeemHistory = named(
  'RedeemHistory',
  'What `redeem --history --json` prints.',
  z.object({
    version,
    redemptions: described('All attempts with this CODEX_HOME, the newest first.', z.array(RedeemAttempt)),
  }),
);
export type RedeemHistory = z.infer<typeof RedeemHistory>;

named(
  'RedeemOutput',
  'What `redeem --json` prints: with a member `error` there is no outcome, with `redemptions` it is the history.',
  z.union([RedeemReport, RedeemFailure, RedeemHistory]),
);
