import { flag, nullable, object, orElse, presence, type Read, text } from '../../util/json/reading.js';
import { amount, answerOf, integer32, integer64, listOf, orNull } from '../request/wire-values.js';

const WireWindow = object({
  used_percent: integer32,
  limit_window_seconds: orNull(integer64),
  reset_at: orNull(integer64),
  reset_after_seconds: orNull(integer32),
});
export type WireWindow = Read<typeof WireWindow>;

const WireRateLimit = object({
  allowed: orNull(flag),
  primary_window: orNull(WireWindow),
  secondary_window: orNull(WireWindow),
});

const WireAdditionalRateLimit = object({
  metered_feature: text,
  limit_name: orNull(text),
  normal_model_slug: orNull(text),
  rate_limit: orNull(WireRateLimit),
});
export type WireAdditionalRateLimit = Read<typeof WireAdditionalRateLimit>;

const WireIndividualLimit = object({
  limit: amount,
  used: amount,
  remaining_percent: integer32,
  reset_at: orNull(integer64),
  reset_after_seconds: orNull(integer32),
});
export type WireIndividualLimit = Read<typeof WireIndividualLimit>;

const WireCredits = object({
  has_credits: flag,
  unlimited: flag,
  balance: orNull(amount),
});
export type WireCredits = Read<typeof WireCredits>;

const WireSpendControl = object({
  reached: orNull(flag),
  /** Null: there is none. */
  individual_limit: orElse(nullable(WireIndividualLimit), 'unreadable' as const),
});
export type WireSpendControl = Read<typeof WireSpendControl>;

const UsageBody = object({
  plan_type: orNull(text),
  account_id: orNull(text),
  user_id: orNull(text),
  rate_limit: orNull(WireRateLimit),
  credits: orNull(WireCredits),
  spend_control: orNull(WireSpendControl),
  rate_limit_reached_type: orNull(object({ type: text })),
  additional_rate_limits: listOf(WireAdditionalRateLimit),
  rate_limit_reset_credits: orNull(object({ available_count: integer64 })),
  rate_limit_upsell: presence,
});

/** The body of `GET …/usage`, read leniently (D5). */
export const WireUsage = answerOf(UsageBody, hasLimit);

function hasLimit(usage: Read<typeof UsageBody>): boolean {
  return (
    usage.rate_limit !== null ||
    usage.credits !== null ||
    usage.spend_control !== null ||
    usage.rate_limit_reached_type !== null ||
    usage.rate_limit_reset_credits !== null ||
    Boolean(usage.additional_rate_limits?.length)
  );
}

/** The usage body with its text, because the upsell must keep its numbers as they were written. */
export type WireUsage = Read<typeof WireUsage> & { readonly body_text: string };
