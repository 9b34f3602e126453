import * as z from 'zod/mini';
import { described, int64, named } from '../documented.js';

const version = described('The version of this format.', z.literal(1));

const RedeemRule = named(
  'RedeemRule',
  'The consent of a user that a rule redeems credits without asking.',
  z.object({
    id: described('The number of the consent, for `redeem --revoke`.', int64()),
    accountId: z.string(),
    userId: described('The user of the account who has agreed.', z.string()),
    rule: described('The rule, as `--consent` takes it.', z.string()),
    source: described(
      'How the user has agreed: on a terminal, or with the option `--consent`.',
      z.enum(['terminal', 'option']),
    ),
    givenAt: described('The time of the consent, in Unix seconds.', int64()),
    revokedAt: described(
      'The time at which it was revoked, in Unix seconds. Null while it is in force.',
      z.nullable(int64()),
    ),
  }),
);

export const RedeemRules = named(
  'RedeemRules',
  'The output of `redeem --rules --json`: every consent of this CODEX_HOME. Of `redeem --revoke --json`: those that were revoked.',
  z.object({ version, rules: described('The newest first.', z.array(RedeemRule)) }),
);
export type RedeemRules = z.infer<typeof RedeemRules>;

const conditionValue = z.nullable(z.union([z.string(), int64()]));

const RedeemCondition = named(
  'RedeemCondition',
  'A condition of a redemption by rule.',
  z.object({
    kind: described(
      '`consent`: the user has agreed. `permission`: it is known whether use is allowed. `trigger`: what the rule waits for has come. `useful`: nothing says that a reset would not help. `gain`: the windows would not reset by themselves soon. `keep`: enough credits stay. `credit`: the credit is known and available. `noneOpen`: no attempt is open, and no windows may still move. `oncePerWindow`: no attempt was made for a window that the redemption is for. `atMost`: not too many attempts used a credit, or may have.',
      z.enum([
        'consent',
        'permission',
        'trigger',
        'useful',
        'gain',
        'keep',
        'credit',
        'noneOpen',
        'oncePerWindow',
        'atMost',
      ]),
    ),
    isMet: z.boolean(),
    have: described(
      'The value that was found, times in seconds. Null if it is not known, or if there is none.',
      conditionValue,
    ),
    need: described('The value of the rule, if it has one.', conditionValue),
  }),
);

export const RedeemDryRun = named(
  'RedeemDryRun',
  'The output of `redeem --when RULE --dry-run --json`.',
  z.object({
    version,
    checkedAt: described('The time of the check, in Unix seconds.', int64()),
    rule: described('The rule, as `--consent` takes it.', z.string()),
    wouldRedeem: described('Whether all conditions are met.', z.boolean()),
    creditId: described('The credit that it would redeem. Null if it would not.', z.nullable(z.string())),
    conditions: z.array(RedeemCondition),
  }),
);
export type RedeemDryRun = z.infer<typeof RedeemDryRun>;
