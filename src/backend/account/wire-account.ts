import { array, flag, object, type Read, text } from '../../util/json/reading.js';
import { answerOf, integer64, listOf, orNull, rowsOf, timestamp } from '../request/wire-values.js';

/** The body of `GET …/profiles/me`. */
export const WireProfile = object({
  stats: object({
    lifetime_tokens: orNull(integer64),
    peak_daily_tokens: orNull(integer64),
    longest_running_turn_sec: orNull(integer64),
    current_streak_days: orNull(integer64),
    longest_streak_days: orNull(integer64),
    daily_usage_buckets: listOf(object({ start_date: text, tokens: integer64 })),
  }),
});
export type WireProfile = Read<typeof WireProfile>;

const WireThreadUsage = object({
  thread_id: text,
  estimated_usage_credits_micros: orNull(integer64),
  estimated_usage_usd_micros: orNull(integer64),
  native_usage_usd_micros: orNull(integer64),
  groups: listOf(
    object({
      model: orNull(text),
      reasoning_effort: orNull(text),
      speed: orNull(text),
      estimated_usage_credits_micros: integer64,
      net_new_input_tokens: orNull(integer64),
      cached_input_tokens: orNull(integer64),
      input_tokens: orNull(integer64),
      output_tokens: orNull(integer64),
      total_tokens: orNull(integer64),
    }),
  ),
});
export type WireThreadUsage = Read<typeof WireThreadUsage>;

/** The reply to `POST …/usage/thread_usage/query`. */
export const WireThreadUsages = object({ threads: rowsOf(WireThreadUsage) });
export type WireThreadUsages = Read<typeof WireThreadUsages>;

const WireWorkspaceMessage = object({
  message_id: text,
  message_type: text,
  message_body: text,
  created_at: orNull(timestamp),
  archived_at: orNull(timestamp),
});
export type WireWorkspaceMessage = Read<typeof WireWorkspaceMessage>;

/** The body of `GET …/workspace-messages`. */
export const WireWorkspaceMessages = answerOf(
  object({ messages: listOf(WireWorkspaceMessage) }),
  ({ messages }) => messages !== null,
);
export type WireWorkspaceMessages = Read<typeof WireWorkspaceMessages>;

const WireAccount = object({
  id: text,
  workspace_backend_origin: orNull(text),
  account_routing_override: orNull(text),
  name: orNull(text),
  profile_picture_url: orNull(text),
  structure: orNull(text),
  is_deactivated: orNull(flag),
  is_fedramp_compliant_workspace: orNull(flag),
  can_access_with_session: orNull(flag),
  sso_connection_name: orNull(text),
});
export type WireAccount = Read<typeof WireAccount>;

/** The reply to `GET …/accounts/check`. */
export const WireAccountsCheck = object({ accounts: array(WireAccount) });
export type WireAccountsCheck = Read<typeof WireAccountsCheck>;

/** The reply to `POST …/accounts/switch-workspace-token`. */
export const WireWorkspaceToken = object({ access_token: text });
