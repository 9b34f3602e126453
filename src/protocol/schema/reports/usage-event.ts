import * as z from 'zod/mini';
import { described, int64, named } from '../documented.js';

// The output of `usage --watch --on`, and the input of its command. A change that breaks readers needs version 2.

const unlessIts = (what: string) => `Null unless the event is about ${what}.`;

export const UsageEvent = named(
  'UsageEvent',
  'A line of `usage --watch --on … --print`. A command gets the same as its input.',
  z.object({
    version: described('The version of this format.', z.literal(1)),
    kind: described(
      '`low`, `critical`: at most so much is left. `spend`: so much of the spend limit is used. `reached`: use is blocked. `allowed`: it no longer is. `reset`: a used window has started again. `failed`: a read has failed.',
      z.enum([
        'low',
        'critical',
        'reached',
        'allowed',
        'reset',
        'creditGranted',
        'creditExpiring',
        'spend',
        'failed',
      ]),
    ),
    at: described('When it was noticed, in Unix seconds.', int64()),
    message: described('A sentence for people, without a full stop.', z.string()),
    limit: described(
      'The subject of the event; for `reached` the reason of the block. Null if that is not known.',
      z.nullable(z.enum(['rateLimit', 'spendLimit', 'workspaceCredits', 'resetCredit'])),
    ),
    limitId: described('The id of the limit that the window belongs to.', z.nullable(z.string())),
    windowDurationMins: described(unlessIts('a window of known length'), z.nullable(int64())),
    usedPercent: described('The used part in percent.', z.nullable(int64())),
    leftPercent: described('The part that is left, from 0 to 100.', z.nullable(int64())),
    resetsAt: described(
      'When the window or spend limit resets, or the block ends by itself, in Unix seconds.',
      z.nullable(int64()),
    ),
    creditId: described(unlessIts('a reset credit that is listed'), z.nullable(z.string())),
    expiresAt: described('When the reset credit expires, in Unix seconds.', z.nullable(int64())),
    availableCount: described('How many reset credits there are.', z.nullable(int64())),
    errorKind: described('For `failed`: the kind of the error.', z.nullable(z.string())),
  }),
);
export type UsageEvent = z.infer<typeof UsageEvent>;
