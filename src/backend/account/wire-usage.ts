import { flag, object, presence, type Read, text } from '../../util/reading.js';
import { amount, integer32, integer64, listOf, orNull } from '../request/wire-values.js';

const WireWindow = object({
  used_percent: integer32,
  limit_window_seconds: orNull(integer64),
  reset_at: orNull(integer64),
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
  reset_at: integer64,
});
export type WireIndividualLimit = Read<typeof WireIndividualLimit>;

const WireCredits = object({
  has_credits: flag,
  unlimited: flag,
  balance: orNull(amount),
});
export type WireCredits = Read<typeof WireCredits>;

/** The body of `GET …/usage`, read leniently (D5). */
export const WireUsage = object({
  plan_type: orNull(text),
  account_id: orNull(text),
  user_id: orNull(text),
  rate_limit: orNull(WireRateLimit),
  credits: orNull(WireCredits),
  spend_control: orNull(object({ reached: orNull(flag), individual_limit: orNull(WireIndividualLimit) })),
  rate_limit_reached_type: orNull(object({ type: text })),
  additional_rate_limits: listOf(WireAdditionalRateLimit),
  rate_limit_reset_credits: orNull(object({ available_count: integer64 })),
  rate_limit_upsell: presence,
});

/** The usage body with its text, because the upsell must keep its numbers as they were written. */
export type WireUsage = Read<typeof WireUsage> & { readonly body_text: string };
