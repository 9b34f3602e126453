import type { Identity } from '../identity.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Builds the body of a profile response. */
export function profileBody(nowMs: number): object {
  const days = [2, 1, 0].map((daysAgo) => isoTime(nowMs - daysAgo * dayMs).slice(0, 10));
  return {
    stats: {
      lifetime_tokens: 1_250_000,
      peak_daily_tokens: 90_000,
      longest_running_turn_sec: 840,
      current_streak_days: days.length,
      longest_streak_days: 12,
      daily_usage_buckets: days.map((day) => ({ start_date: day, tokens: 40_000 })),
    },
  };
}

/** Builds the body of a thread-usage response, with a row for each requested thread. */
export function threadUsageBody(query: unknown): object {
  const { thread_ids: ids } = (query ?? {}) as { thread_ids?: unknown };
  return {
    threads: (Array.isArray(ids) ? ids : []).map((id: unknown) => ({
      thread_id: id,
      estimated_usage_credits_micros: 1_500_000,
      estimated_usage_usd_micros: 60_000,
      native_usage_usd_micros: null,
      groups: [{ model: 'gpt-5', estimated_usage_credits_micros: 1_500_000, total_tokens: 30_000 }],
    })),
  };
}

/** Builds the body of a messages response: a headline and an archived announcement. */
export function messagesBody(nowMs: number): object {
  return {
    messages: [
      {
        message_id: 'message-1',
        message_type: 'headline',
        message_body: 'Resets are here: earn one a month.',
        created_at: isoTime(nowMs - dayMs),
        archived_at: null,
      },
      {
        message_id: 'message-2',
        message_type: 'announcement',
        message_body: 'Maintenance is over.',
        created_at: isoTime(nowMs - 3 * dayMs),
        archived_at: isoTime(nowMs - 2 * dayMs),
      },
    ],
  };
}

/** Builds the body of an accounts response: one workspace. */
export function accountsBody({ accountId }: Identity): object {
  return {
    accounts: [
      {
        id: accountId,
        workspace_backend_origin: 'https://backend.example',
        account_routing_override: 'NO_CONSTRAINT',
        name: 'Dev workspace',
      },
    ],
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
