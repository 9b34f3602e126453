import { planTypes } from '../protocol/plan-types.js';
import type { GetAccountRateLimitsResponse, RateLimitReachedType } from '../protocol/schema/rate-limits.js';
import type { RateLimitResetCreditStatus } from '../protocol/schema/reset-credits.js';
import {
  anything,
  array,
  checked,
  flag,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from '../util/json/reading.js';

/** The result of `account/rateLimits/read` without the members that belong to one request. */
export type Answer = Omit<GetAccountRateLimitsResponse, 'userId' | 'readAt'>;

/** Reads a value that may be null, but is not missing. */
function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

const integer = checked(number, Number.isSafeInteger);

const RateLimitWindow = object({
  usedPercent: integer,
  windowDurationMins: orNull(integer),
  resetsAt: orNull(integer),
});

const reachedTypes = [
  'rate_limit_reached',
  'workspace_owner_credits_depleted',
  'workspace_member_credits_depleted',
  'workspace_owner_usage_limit_reached',
  'workspace_member_usage_limit_reached',
] as const satisfies readonly RateLimitReachedType[];

const RateLimitSnapshot = object({
  limitId: orNull(text),
  limitName: orNull(text),
  normalModelSlug: orNull(text),
  primary: orNull(RateLimitWindow),
  secondary: orNull(RateLimitWindow),
  credits: orNull(object({ hasCredits: flag, unlimited: flag, balance: orNull(text) })),
  individualLimit: orNull(object({ limit: text, used: text, remainingPercent: integer, resetsAt: integer })),
  spendControlReached: orNull(flag),
  planType: orNull(oneOf(planTypes)),
  rateLimitReachedType: orNull(oneOf(reachedTypes)),
});

const statuses = [
  'available',
  'redeeming',
  'redeemed',
  'unknown',
] as const satisfies readonly RateLimitResetCreditStatus[];

const credit = {
  id: text,
  resetType: oneOf(['codexRateLimits', 'unknown']),
  status: oneOf(statuses),
  grantedAt: integer,
};
const creditTexts = { title: orNull(text), description: orNull(text) };

/** Reads an answer that was stored. The type says that it has the shape of the protocol. */
export const AnswerReader: Reader<Answer> = object({
  rateLimits: RateLimitSnapshot,
  rateLimitsByLimitId: orNull(record(RateLimitSnapshot)),
  rateLimitResetCredits: orNull(
    object({
      availableCount: integer,
      credits: orNull(array(object({ ...credit, expiresAt: orNull(integer), ...creditTexts }))),
      creditsOfUnknownExpiry: optional(array(object({ ...credit, ...creditTexts }))),
    }),
  ),
  accountId: orNull(text),
  ordinaryUsageAllowed: orNull(flag),
  rateLimitUpsell: anything,
});
