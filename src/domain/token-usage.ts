import type { WireProfile, WireThreadUsage, WireThreadUsages } from '../backend/account/wire-account.js';
import type { GetAccountTokenUsageResponse, ThreadUsage } from '../protocol/schema/token-usage.js';
import { AppError } from '../util/errors.js';

/** Returns the result of `account/usage/read` for the whole account. */
export function profileFromWire({ stats }: WireProfile): GetAccountTokenUsageResponse {
  return {
    summary: {
      lifetimeTokens: stats.lifetime_tokens,
      peakDailyTokens: stats.peak_daily_tokens,
      longestRunningTurnSec: stats.longest_running_turn_sec,
      currentStreakDays: stats.current_streak_days,
      longestStreakDays: stats.longest_streak_days,
    },
    dailyUsageBuckets:
      stats.daily_usage_buckets?.map(({ start_date, tokens }) => ({ startDate: start_date, tokens })) ?? null,
    threadUsage: null,
  };
}

/**
 * Returns the result of `account/usage/read` for one thread.
 *
 * @throws AppError `badReply` if the reply is about other threads or lacks this one
 */
export function threadUsageFromWire(
  reply: WireThreadUsages | null,
  threadId: string,
): GetAccountTokenUsageResponse {
  return {
    summary: {
      lifetimeTokens: null,
      peakDailyTokens: null,
      longestRunningTurnSec: null,
      currentStreakDays: null,
      longestStreakDays: null,
    },
    dailyUsageBuckets: null,
    threadUsage: reply && onlyThread(reply, threadId),
  };
}

function onlyThread({ threads }: WireThreadUsages, threadId: string): ThreadUsage {
  const [row] = threads;
  if (threads.length > 1 || (row && row.thread_id !== threadId)) {
    throw refused('thread usage returned unexpected threads');
  }
  const credits = row?.estimated_usage_credits_micros ?? null;
  if (!row || credits === null) throw refused('thread usage response omitted requested thread');
  return {
    threadId: row.thread_id,
    estimatedUsageCreditsMicros: credits,
    estimatedUsageUsdMicros: row.estimated_usage_usd_micros,
    nativeUsageUsdMicros: row.native_usage_usd_micros,
    groups: (row.groups ?? []).map(groupFromWire),
  };
}

function groupFromWire(group: NonNullable<WireThreadUsage['groups']>[number]): ThreadUsage['groups'][number] {
  return {
    model: group.model,
    reasoningEffort: group.reasoning_effort,
    speed: group.speed,
    estimatedUsageCreditsMicros: group.estimated_usage_credits_micros,
    netNewInputTokens: group.net_new_input_tokens,
    cachedInputTokens: group.cached_input_tokens,
    inputTokens: group.input_tokens,
    outputTokens: group.output_tokens,
    totalTokens: group.total_tokens,
  };
}

function refused(reason: string): AppError {
  return new AppError('badReply', `failed to fetch thread usage: ${reason}`);
}
