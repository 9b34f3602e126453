import * as z from 'zod/mini';
import { described, int64, named } from '../documented.js';
import { RedeemAttempt } from './redeem-report.js';
import { LoggedChange } from './usage-history.js';

const EvidenceAttempt = named(
  'EvidenceAttempt',
  'An attempt to redeem a credit, without the account.',
  z.omit(RedeemAttempt, { accountId: true }),
);

export const RedeemEvidence = named(
  'RedeemEvidence',
  'The output of `redeem --evidence --json`. It names no account, and contains no key and no token.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    program: described('The name and version of the program.', z.string()),
    writtenAt: described('The time of the output, in Unix seconds.', int64()),
    redemption: EvidenceAttempt,
    changes: described(
      'The changes of the limits of its account from a day before it on, oldest first. At most 200: if there are more, those of nothing but use are left out.',
      z.array(LoggedChange),
    ),
    hasMoreChanges: described('Whether changes are left out.', z.boolean()),
  }),
);
export type RedeemEvidence = z.infer<typeof RedeemEvidence>;
