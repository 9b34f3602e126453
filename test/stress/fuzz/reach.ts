import type { ReadName } from './recorded-replies.js';

/** Places of the answer, or `error` if the body is useless without the value. */
export type Reach = readonly string[] | 'error';

/**
 * Maps each place of a recorded body to the places of the answer that it decides: by D5 a bad value changes nothing
 * else. `*` is any name, and `+` a name that the answer to the recorded body does not have.
 */
function reachOf(read: ReadName, place: string): Reach {
  const table: Readonly<Record<string, Reach>> = reaches[read];
  // A place that is not listed decides the same as the next place above it.
  for (let above = place; above !== ''; above = above.slice(0, Math.max(0, above.lastIndexOf('/')))) {
    const reach = table[above];
    if (reach !== undefined) return reach;
  }
  return table[''] ?? 'error';
}

/** The same for several places of a body, as a list of which each element counts. */
export function reachesOf(read: ReadName, places: readonly string[]): readonly Reach[] {
  const found = places.map((place) => reachOf(read, place));
  const isNoCreditLeft = creditRows.every((row) =>
    found.some((reach) => reach !== 'error' && reach.includes(row)),
  );
  // Without a credit of known expiry, the list is null.
  return isNoCreditLeft ? [...found, [creditList]] : found;
}

export function isWithin(place: string, reach: readonly string[]): boolean {
  const names = place.split('/');
  return reach.some((pattern) =>
    pattern.split('/').every((name, index) => name === '*' || name === names[index]),
  );
}

/** The places of a window in the answer that each place of a window in the body decides. */
const windowReach = (from: string, to: readonly string[]) => ({
  [from]: to,
  [`${from}/limit_window_seconds`]: to.map((place) => `${place}/windowDurationMins`),
  [`${from}/reset_at`]: to.map((place) => `${place}/resetsAt`),
  [`${from}/reset_after_seconds`]: [],
});

const rateLimitReach = (from: string, to: readonly string[], others: readonly string[]) => ({
  [from]: [...to.map((place) => `${place}/primary`), ...to.map((place) => `${place}/secondary`), ...others],
  [`${from}/allowed`]: others,
  [`${from}/limit_reached`]: [],
  ...windowReach(`${from}/primary_window`, to.map((place) => `${place}/primary`)),
  ...windowReach(`${from}/secondary_window`, to.map((place) => `${place}/secondary`)),
}); // prettier-ignore

const snapshots = ['rateLimits', 'rateLimitsByLimitId/codex'];
const inSnapshots = (member: string) => snapshots.map((place) => `${place}/${member}`);

const additionalReach = (index: number, id: string) => {
  const from = `additional_rate_limits/${index}`;
  const to = `rateLimitsByLimitId/${id}`;
  return {
    [from]: [to, 'rateLimitsByLimitId/+'],
    [`${from}/limit_name`]: [`${to}/limitName`],
    [`${from}/normal_model_slug`]: [`${to}/normalModelSlug`],
    ...rateLimitReach(`${from}/rate_limit`, [to], []),
  };
};

const creditList = 'rateLimitResetCredits/credits';
const rowOfCredit = (id: string) => `${creditList}/${id}`;
const creditIds = ['one', 'two', 'three'] as const;
const creditRows = creditIds.map(rowOfCredit);

const creditReach = (index: number, id: (typeof creditIds)[number]) => {
  const row = rowOfCredit(id);
  return {
    [`credits/${index}`]: [row, 'rateLimitResetCredits/credits/+', 'rateLimitResetCredits/+'],
    [`credits/${index}/reset_type`]: [`${row}/resetType`],
    [`credits/${index}/status`]: [`${row}/status`],
    // A credit whose expiry cannot be read is in another list.
    [`credits/${index}/expires_at`]: [row, 'rateLimitResetCredits/+'],
    [`credits/${index}/title`]: [`${row}/title`],
    [`credits/${index}/description`]: [`${row}/description`],
  };
};

const groupReach = (index: number, model: string) => {
  const from = `threads/0/groups/${index}`;
  const row = `threadUsage/groups/${model}`;
  return {
    [from]: [row, 'threadUsage/groups/+'],
    [`${from}/reasoning_effort`]: [`${row}/reasoningEffort`],
    [`${from}/speed`]: [`${row}/speed`],
    [`${from}/net_new_input_tokens`]: [`${row}/netNewInputTokens`],
    [`${from}/cached_input_tokens`]: [`${row}/cachedInputTokens`],
    [`${from}/input_tokens`]: [`${row}/inputTokens`],
    [`${from}/output_tokens`]: [`${row}/outputTokens`],
    [`${from}/total_tokens`]: [`${row}/totalTokens`],
  };
};

const messageReach = (index: number, id: string) => ({
  [`messages/${index}`]: [`messages/${id}`, 'messages/+'],
  [`messages/${index}/created_at`]: [`messages/${id}/createdAt`],
  [`messages/${index}/archived_at`]: [`messages/${id}/archivedAt`],
});

const reaches = {
  usage: {
    plan_type: ['rateLimits/planType', 'rateLimitsByLimitId/*/planType'],
    account_id: ['accountId', 'ordinaryUsageAllowed', 'rateLimitUpsell'],
    user_id: ['ordinaryUsageAllowed', 'rateLimitUpsell'],
    email: [],
    ...rateLimitReach('rate_limit', snapshots, ['ordinaryUsageAllowed']),
    credits: inSnapshots('credits'),
    'credits/balance': inSnapshots('credits/balance'),
    'credits/approx_local_messages': [],
    'credits/approx_cloud_messages': [],
    spend_control: [...inSnapshots('spendControlReached'), ...inSnapshots('individualLimit')],
    'spend_control/reached': inSnapshots('spendControlReached'),
    // With a limit that cannot be read it is not known whether it is reached.
    'spend_control/individual_limit': [
      ...inSnapshots('spendControlReached'),
      ...inSnapshots('individualLimit'),
    ],
    'spend_control/individual_limit/source': [],
    'spend_control/individual_limit/remaining': [],
    'spend_control/individual_limit/used_percent': [],
    'spend_control/individual_limit/reset_after_seconds': [],
    rate_limit_reached_type: inSnapshots('rateLimitReachedType'),
    additional_rate_limits: [
      'rateLimitsByLimitId/codex_other',
      'rateLimitsByLimitId/third',
      'rateLimitsByLimitId/+',
    ],
    ...additionalReach(0, 'codex_other'),
    ...additionalReach(1, 'third'),
    // The answer still has the count of the details.
    rate_limit_reset_credits: [],
    rate_limit_upsell: ['rateLimitUpsell'],
  },
  credits: {
    '': ['rateLimitResetCredits'],
    available_count: ['rateLimitResetCredits/availableCount'],
    credits: [creditList],
    ...creditReach(0, 'one'),
    ...creditReach(1, 'two'),
    ...creditReach(2, 'three'),
  },
  profile: {
    stats: 'error',
    'stats/lifetime_tokens': ['summary/lifetimeTokens'],
    'stats/peak_daily_tokens': ['summary/peakDailyTokens'],
    'stats/longest_running_turn_sec': ['summary/longestRunningTurnSec'],
    'stats/current_streak_days': ['summary/currentStreakDays'],
    'stats/longest_streak_days': ['summary/longestStreakDays'],
    'stats/daily_usage_buckets': ['dailyUsageBuckets'],
    'stats/daily_usage_buckets/0': ['dailyUsageBuckets/2025-12-30', 'dailyUsageBuckets/+'],
    'stats/daily_usage_buckets/1': ['dailyUsageBuckets/2025-12-31', 'dailyUsageBuckets/+'],
  },
  threadUsage: {
    // Without the row the answer is an error.
    threads: 'error',
    'threads/0/estimated_usage_usd_micros': ['threadUsage/estimatedUsageUsdMicros'],
    'threads/0/native_usage_usd_micros': ['threadUsage/nativeUsageUsdMicros'],
    'threads/0/groups': ['threadUsage/groups'],
    ...groupReach(0, 'gpt-5'),
    ...groupReach(1, 'gpt-5-mini'),
  },
  messages: {
    messages: ['messages'],
    ...messageReach(0, 'of-headline'),
    ...messageReach(1, 'of-announcement'),
  },
} satisfies Record<ReadName, Record<string, Reach>>;
