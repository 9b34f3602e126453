import * as z from 'zod/mini';
import { integer64, listOf, orNull, rowsOf } from './wire-values.js';
import { WireTimestamp } from './wire-timestamp.js';

/** The body of `GET …/profiles/me`; backend.md 9. */
export const WireProfile = z.object({
  stats: z.object({
    lifetime_tokens: orNull(integer64),
    peak_daily_tokens: orNull(integer64),
    longest_running_turn_sec: orNull(integer64),
    current_streak_days: orNull(integer64),
    longest_streak_days: orNull(integer64),
    daily_usage_buckets: listOf(z.object({ start_date: z.string(), tokens: integer64 })),
  }),
});
export type WireProfile = z.infer<typeof WireProfile>;

const WireThreadUsage = z.object({
  thread_id: z.string(),
  estimated_usage_credits_micros: orNull(integer64),
  estimated_usage_usd_micros: orNull(integer64),
  native_usage_usd_micros: orNull(integer64),
  groups: listOf(
    z.object({
      model: orNull(z.string()),
      reasoning_effort: orNull(z.string()),
      speed: orNull(z.string()),
      estimated_usage_credits_micros: integer64,
      net_new_input_tokens: orNull(integer64),
      cached_input_tokens: orNull(integer64),
      input_tokens: orNull(integer64),
      output_tokens: orNull(integer64),
      total_tokens: orNull(integer64),
    }),
  ),
});
export type WireThreadUsage = z.infer<typeof WireThreadUsage>;

/** The reply to `POST …/usage/thread_usage/query`; backend.md 9. */
export const WireThreadUsages = z.object({ threads: rowsOf(WireThreadUsage) });
export type WireThreadUsages = z.infer<typeof WireThreadUsages>;

const WireWorkspaceMessage = z.object({
  message_id: z.string(),
  message_type: z.string(),
  message_body: z.string(),
  created_at: orNull(WireTimestamp),
  archived_at: orNull(WireTimestamp),
});
export type WireWorkspaceMessage = z.infer<typeof WireWorkspaceMessage>;

/** The body of `GET …/workspace-messages`; backend.md 10. */
export const WireWorkspaceMessages = z.object({ messages: listOf(WireWorkspaceMessage) });
export type WireWorkspaceMessages = z.infer<typeof WireWorkspaceMessages>;
