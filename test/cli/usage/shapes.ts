import { devIdentity } from '../../../src/dev-backend/identity.js';

// The answers of the backend for accounts of every kind, as of the time of the tests.

/** The time of the tests: midnight, a Thursday. */
export const now = Date.parse('2026-01-01T00:00:00Z') / 1000;

const hour = 3_600;
const day = 24 * hour;

export const windowOf = (percent: number, seconds: number, resetsAt: number) => ({
  ...{ used_percent: percent, limit_window_seconds: seconds, reset_at: resetsAt, reset_after_seconds: 0 },
});
const fiveHours = (percent: number, left = 2 * hour) => windowOf(percent, 5 * hour, now + left);
const week = (percent: number, left = 4 * day) => windowOf(percent, 7 * day, now + left);
const month = (percent: number, left = 20 * day) => windowOf(percent, 30 * day, now + left);

export const rateLimit = (primary: object | null, secondary: object | null = null, allowed = true) => ({
  rate_limit: { allowed, limit_reached: !allowed, primary_window: primary, secondary_window: secondary },
});
const reached = (type: string) => ({ rate_limit_reached_type: { type } });
const further = (id: string, name: string | null, primary: object, secondary: object | null = null) => ({
  ...{ metered_feature: id, limit_name: name, normal_model_slug: null },
  ...rateLimit(primary, secondary),
});

const noCredits = { has_credits: false, unlimited: false, balance: '0' };
const someCredits = { has_credits: true, unlimited: false, balance: null };
const budget = (limit: string, used: string, usedPercent: number, isReached = false, left = 16 * day) => ({
  spend_control: {
    reached: isReached,
    individual_limit: {
      ...{ source: 'workspace_spend_controls', limit, used, remaining: '' },
      ...{ used_percent: usedPercent, remaining_percent: 100 - usedPercent },
      ...{ reset_at: now + left, reset_after_seconds: left },
    },
  },
});

/** Returns a usage body: an account on Pro with purchased credits of none and without a spend limit, with these changes. */
export function body(changes: object): object {
  return {
    account_id: devIdentity.accountId,
    user_id: devIdentity.userId,
    plan_type: 'pro',
    rate_limit: null,
    rate_limit_reached_type: null,
    additional_rate_limits: null,
    credits: noCredits,
    spend_control: { reached: false, individual_limit: null },
    rate_limit_reset_credits: { available_count: 0 },
    ...changes,
  };
}

export interface Shape {
  readonly body: object;
  readonly exitCode: 0 | 3 | 4;
  /** The output of `--format '{level} {tightest} {tightest:left} {tightest:name}, {tightest:resetsIn}'`. */
  readonly line: string;
}

const shape = (changes: object, exitCode: Shape['exitCode'], line: string): Shape => ({
  body: body(changes),
  exitCode,
  line,
});

const longName = 'Überlanger Name '.repeat(50);

export const shapes: Readonly<Record<string, Shape>> = {
  'Free, one window of a month': shape(
    { plan_type: 'free', ...rateLimit(month(60)) },
    ...([0, 'ok 60 40 month, 20 d 0 h'] as const),
  ),
  'Go, the same window beyond a tenth left': shape(
    { plan_type: 'go', ...rateLimit(month(93)) },
    ...([0, 'critical 93 7 month, 20 d 0 h'] as const),
  ),
  'Plus, both windows': shape(
    { plan_type: 'plus', ...rateLimit(fiveHours(80), week(30)) },
    ...([0, 'low 80 20 5 hours, 2 h 0 min'] as const),
  ),
  'Pro, the week binds, and the slots are swapped': shape(
    rateLimit(week(65), fiveHours(10)),
    ...([0, 'ok 65 35 week, 4 d 0 h'] as const),
  ),
  'Pro without the window of five hours': shape(
    rateLimit(week(25)),
    ...([0, 'ok 25 75 week, 4 d 0 h'] as const),
  ),
  'Pro at the limit of the week': shape(
    { ...rateLimit(fiveHours(20), week(100), false), ...reached('rate_limit_reached') },
    ...([3, 'blocked 100 0 week, 4 d 0 h'] as const),
  ),
  'Pro, blocked for a reason that is not named': shape(
    rateLimit(fiveHours(20), week(30), false),
    ...([3, 'blocked 30 70 week, 4 d 0 h'] as const),
  ),
  'Pro, a full window, but use is allowed': shape(
    { ...rateLimit(fiveHours(100), week(30)), credits: { ...someCredits, balance: '12.50' } },
    ...([0, 'critical 100 0 5 hours, 2 h 0 min'] as const),
  ),
  'Business with a budget only': shape(
    { plan_type: 'business', credits: someCredits, ...budget('15000', '3831.746052503586', 26) },
    ...([0, 'ok 26 74 spend limit, 16 d 0 h'] as const),
  ),
  'Business, the budget is reached': shape(
    { plan_type: 'business', credits: someCredits, ...budget('500', '500', 100, true) },
    ...([3, 'blocked 100 0 spend limit, 16 d 0 h'] as const),
  ),
  'Business, the budget has started again since': shape(
    { plan_type: 'business', credits: someCredits, ...budget('500', '500', 100, true, -60) },
    ...([4, 'unknown ? ? ?, ?'] as const),
  ),
  'Team, the spend limit is reached although use is allowed': shape(
    { plan_type: 'team', ...rateLimit(fiveHours(40), week(25)), ...budget('25', '25', 100, true) },
    ...([3, 'blocked 100 0 spend limit, 16 d 0 h'] as const),
  ),
  'Enterprise without any limit': shape(
    { plan_type: 'enterprise', credits: { has_credits: true, unlimited: true, balance: null } },
    ...([0, 'ok ? ? ?, ?'] as const),
  ),
  'Enterprise, paid by use': shape(
    { plan_type: 'enterprise_cbp_usage_based', credits: someCredits, spend_control: null },
    ...([0, 'ok ? ? ?, ?'] as const),
  ),
  'Team, the credits of the workspace are depleted': shape(
    {
      ...{ plan_type: 'team', ...rateLimit(fiveHours(40), week(25)) },
      ...reached('workspace_member_credits_depleted'),
    },
    ...([3, 'blocked 100 0 credits, ?'] as const),
  ),
  'Pro with further limits and a reserve': shape(
    {
      ...rateLimit(fiveHours(40), week(25)),
      additional_rate_limits: [
        further('codex_bengalfox', 'Spark', fiveHours(95), week(50)),
        further('luna_reserve', 'Reserve', month(10)),
      ],
      rate_limit_upsell: { offer: 'reserve' },
    },
    ...([0, 'ok 40 60 5 hours, 2 h 0 min'] as const),
  ),
  'Pro, blocked, and the window has ended since': shape(
    { ...rateLimit(fiveHours(100, -60), week(30), false), ...reached('rate_limit_reached') },
    ...([4, 'unknown 30 70 week, 4 d 0 h'] as const),
  ),
  'a plan that is not known, without windows': shape(
    { plan_type: 'galaxy', credits: null, spend_control: null },
    ...([4, 'unknown ? ? ?, ?'] as const),
  ),
  'another user': shape(
    { user_id: 'user-other', ...rateLimit(fiveHours(80), week(30)) },
    ...([4, 'low 80 20 5 hours, 2 h 0 min'] as const),
  ),
  'five windows of odd lengths': shape(
    {
      ...rateLimit(windowOf(40, 17 * 60, now + 600), windowOf(2, 395 * day, now + 390 * day)),
      additional_rate_limits: [
        further('long', longName, windowOf(300, 5 * hour, now + hour), windowOf(-5, 7 * day, now + day)),
        further('none', null, windowOf(1, 0, 2 ** 60)),
      ],
    },
    ...([0, 'ok 40 60 17 minutes, 10 min'] as const),
  ),
  'a budget of 30 digits': shape(
    { plan_type: 'business', ...budget('9'.repeat(30), '1'.repeat(30), 11) },
    ...([0, 'ok 11 89 spend limit, 16 d 0 h'] as const),
  ),
  'a budget in a currency': shape(
    { plan_type: 'business', ...budget('€ 1.250,00', '€ 1.100,50', 88) },
    ...([0, 'low 88 12 spend limit, 16 d 0 h'] as const),
  ),
};
