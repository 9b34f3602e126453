// The bodies of the backend of the benchmark, and the results that a server must return for them.

export const usage = {
  account_id: 'account',
  user_id: 'user',
  plan_type: 'plus',
  rate_limit: {
    allowed: true,
    limit_reached: false,
    primary_window: {
      used_percent: 61,
      limit_window_seconds: 18_000,
      reset_after_seconds: 900,
      reset_at: 1_893_456_000,
    },
    secondary_window: {
      used_percent: 17,
      limit_window_seconds: 604_800,
      reset_after_seconds: 90_000,
      reset_at: 1_893_888_000,
    },
  },
  credits: { has_credits: false, unlimited: false, balance: '0' },
  rate_limit_reset_credits: { available_count: 2 },
};

export const resetCredits = {
  available_count: 2,
  credits: ['first', 'second'].map((id) => ({
    id,
    reset_type: 'codex_rate_limits',
    status: 'available',
    granted_at: '2029-12-01T00:00:00Z',
    expires_at: null,
    title: null,
    description: null,
  })),
};

/** @throws Error if a response is not the result of a read */
export function checkRead({ result, error }) {
  const used = result?.rateLimits?.primary?.usedPercent;
  const count = result?.rateLimitResetCredits?.availableCount;
  if (used !== 61 || count !== 2)
    throw new Error(`not the result of a read: ${JSON.stringify(error ?? result)}`);
}
