import * as z from 'zod/mini';
import { amount, integer32, integer64, listOf, orNull } from './wire-values.js';

const WireWindow = z.object({
  used_percent: integer32,
  limit_window_seconds: orNull(integer64),
  reset_at: orNull(integer64),
});
export type WireWindow = z.infer<typeof WireWindow>;

const WireRateLimit = z.object({
  allowed: orNull(z.boolean()),
  primary_window: orNull(WireWindow),
  secondary_window: orNull(WireWindow),
});
export type WireRateLimit = z.infer<typeof WireRateLimit>;

const WireAdditionalRateLimit = z.object({
  metered_feature: z.string(),
  limit_name: orNull(z.string()),
  normal_model_slug: orNull(z.string()),
  rate_limit: orNull(WireRateLimit),
});
export type WireAdditionalRateLimit = z.infer<typeof WireAdditionalRateLimit>;

const WireIndividualLimit = z.object({
  limit: amount,
  used: amount,
  remaining_percent: integer32,
  reset_at: integer64,
});
export type WireIndividualLimit = z.infer<typeof WireIndividualLimit>;

const WireCredits = z.object({
  has_credits: z.boolean(),
  unlimited: z.boolean(),
  balance: orNull(amount),
});
export type WireCredits = z.infer<typeof WireCredits>;

/** The body of `GET …/usage`; backend.md 3 with the leniency of D5. */
export const WireUsage = z.object({
  plan_type: orNull(z.string()),
  account_id: orNull(z.string()),
  user_id: orNull(z.string()),
  rate_limit: orNull(WireRateLimit),
  credits: orNull(WireCredits),
  spend_control: orNull(
    z.object({ reached: orNull(z.boolean()), individual_limit: orNull(WireIndividualLimit) }),
  ),
  rate_limit_reached_type: orNull(z.object({ type: z.string() })),
  additional_rate_limits: listOf(WireAdditionalRateLimit),
  rate_limit_reset_credits: orNull(z.object({ available_count: integer64 })),
});

/** The usage body, with its text: the upsell must keep its numbers as they were written. */
export type WireUsage = z.infer<typeof WireUsage> & { readonly body_text: string };
