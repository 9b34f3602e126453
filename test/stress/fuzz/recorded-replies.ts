import { devIdentity } from '../../../src/dev-backend/identity.js';
import type { Endpoint } from '../../../src/dev-backend/http/route.js';
import type { Method } from '../../../src/protocol/methods.js';

/** A read, and the body with which the backend responds. */
export interface RecordedRead {
  readonly method: Method;
  readonly params: object;
  readonly endpoint: Endpoint;
  readonly body: object;
}

const window = (usedPercent: number, seconds: number) => ({
  used_percent: usedPercent,
  limit_window_seconds: seconds,
  reset_after_seconds: 120,
  reset_at: 1_767_243_600,
});

const rateLimit = (usedPercent: number) => ({
  allowed: true,
  limit_reached: false,
  primary_window: window(usedPercent, 18_000),
  secondary_window: window(7, 604_800),
});

const usage: RecordedRead = {
  method: 'account/rateLimits/read',
  params: { excludeResetCreditDetails: false },
  endpoint: 'usage',
  body: {
    user_id: devIdentity.userId,
    account_id: devIdentity.accountId,
    email: devIdentity.email,
    plan_type: 'pro',
    rate_limit: rateLimit(42),
    credits: {
      has_credits: true,
      unlimited: false,
      balance: '12.50',
      approx_local_messages: [1, 2],
      approx_cloud_messages: null,
    },
    spend_control: {
      reached: false,
      individual_limit: {
        source: 'workspace',
        limit: '100.00',
        used: '25.00',
        remaining: '75.00',
        used_percent: 25,
        remaining_percent: 75,
        reset_after_seconds: 600,
        reset_at: 1_767_600_000,
      },
    },
    rate_limit_reached_type: { type: 'rate_limit_reached' },
    additional_rate_limits: [
      {
        metered_feature: 'codex_other',
        limit_name: 'Other',
        normal_model_slug: 'gpt-5',
        rate_limit: rateLimit(88),
      },
      { metered_feature: 'third', limit_name: 'Third', normal_model_slug: null, rate_limit: rateLimit(3) },
    ],
    rate_limit_reset_credits: { available_count: 3 },
    rate_limit_upsell: { banner_type: 'reserve', amounts: [1, 2.5] },
  },
};

const credits: RecordedRead = {
  method: 'account/rateLimits/read',
  params: {},
  endpoint: 'credits',
  body: {
    available_count: 2,
    credits: ['one', 'two', 'three'].map((id) => ({
      id,
      reset_type: 'codex_rate_limits',
      status: 'available',
      granted_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00.5+01:00',
      title: 'Monthly reset',
      description: 'Resets once.',
    })),
  },
};

const profile: RecordedRead = {
  method: 'account/usage/read',
  params: {},
  endpoint: 'profile',
  body: {
    stats: {
      lifetime_tokens: 1_250_000,
      peak_daily_tokens: 90_000,
      longest_running_turn_sec: 840,
      current_streak_days: 3,
      longest_streak_days: 12,
      daily_usage_buckets: [
        { start_date: '2025-12-30', tokens: 40_000 },
        { start_date: '2025-12-31', tokens: 30_000 },
      ],
    },
  },
};

const threadId = '0198c5a2-7b1e-7c31-a1f0-5d2f3c4b5a69';

const threadUsage: RecordedRead = {
  method: 'account/usage/read',
  params: { threadId },
  endpoint: 'threadUsage',
  body: {
    threads: [
      {
        thread_id: threadId,
        estimated_usage_credits_micros: 1_500_000,
        estimated_usage_usd_micros: 60_000,
        native_usage_usd_micros: 50_000,
        groups: ['gpt-5', 'gpt-5-mini'].map((model) => ({
          model,
          reasoning_effort: 'high',
          speed: 'fast',
          estimated_usage_credits_micros: 700_000,
          net_new_input_tokens: 10,
          cached_input_tokens: 20,
          input_tokens: 30,
          output_tokens: 40,
          total_tokens: 70,
        })),
      },
    ],
  },
};

const messages: RecordedRead = {
  method: 'account/workspaceMessages/read',
  params: {},
  endpoint: 'workspaceMessages',
  body: {
    messages: ['headline', 'announcement'].map((type) => ({
      message_id: `of-${type}`,
      message_type: type,
      message_body: 'Resets are here.',
      created_at: '2026-01-01T00:00:00Z',
      archived_at: '2026-01-03T00:00:00Z',
    })),
  },
};

export const recordedReads = { usage, credits, profile, threadUsage, messages } as const;
export type ReadName = keyof typeof recordedReads;
