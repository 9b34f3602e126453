import { describe, expect, test } from 'vitest';
import { startMs, withScenario } from '../fixture.js';

const startSeconds = startMs / 1000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

function limit(primary: object | null, secondary: object | null, isReached = false) {
  return {
    allowed: !isReached,
    limit_reached: isReached,
    primary_window: primary,
    secondary_window: secondary,
  };
}

function window(usedPercent: number, lengthSeconds: number, resetAfterSeconds: number, nowMs = startMs) {
  return {
    used_percent: usedPercent,
    limit_window_seconds: lengthSeconds,
    reset_after_seconds: resetAfterSeconds,
    reset_at: nowMs / 1000 + resetAfterSeconds,
  };
}

describe('scenarios', () => {
  test('a fresh plan has two empty windows and one credit', () =>
    withScenario('fresh', async ({ get }) => {
      expect(await get('usage')).toEqual({
        user_id: 'user-dev',
        account_id: 'account-dev',
        email: 'dev@example.com',
        plan_type: 'pro',
        rate_limit: limit(window(0, 18_000, 18_000), window(0, 604_800, 604_800)),
        rate_limit_reached_type: null,
        additional_rate_limits: [
          {
            metered_feature: 'codex_extra',
            limit_name: 'Extra model',
            normal_model_slug: null,
            rate_limit: limit(window(10, 18_000, 9_000), null),
          },
        ],
        credits: { has_credits: false, unlimited: false, balance: '0' },
        spend_control: { reached: false, individual_limit: null },
        rate_limit_reset_credits: { available_count: 1 },
      });
    }));

  test('a plan at its limit is not allowed and names the kind of limit', () =>
    withScenario('at-limit', async ({ get }) => {
      expect(await get('usage')).toMatchObject({
        rate_limit: limit(window(100, 18_000, 7_200), window(100, 604_800, 259_200), true),
        rate_limit_reached_type: { type: 'rate_limit_reached' },
        rate_limit_reset_credits: { available_count: 2 },
      });
    }));

  test('a plan with one window has the weekly one as its primary window', () =>
    withScenario('one-window', async ({ get }) => {
      expect(await get('usage')).toMatchObject({
        rate_limit: limit(window(25, 604_800, 345_600), null),
      });
    }));

  test('a plan without credits counts and lists none', () =>
    withScenario('no-credits', async ({ get }) => {
      expect(await get('usage')).toMatchObject({ rate_limit_reset_credits: { available_count: 0 } });
      expect(await get('rate-limit-reset-credits')).toEqual({ available_count: 0, credits: [] });
    }));

  test('a spend limit blocks the account in spite of free windows', () =>
    withScenario('blocked', async ({ get }) => {
      expect(await get('usage')).toMatchObject({
        rate_limit: {
          allowed: false,
          limit_reached: false,
          primary_window: window(40, 18_000, 10_800),
          secondary_window: window(25, 604_800, 345_600),
        },
        rate_limit_reached_type: { type: 'workspace_member_usage_limit_reached' },
        spend_control: {
          reached: true,
          individual_limit: {
            source: 'workspace',
            limit: '25',
            used: '25',
            remaining: '0',
            used_percent: 100,
            remaining_percent: 0,
            reset_after_seconds: 31 * 86_400,
            reset_at: Date.parse('2026-02-01T00:00:00Z') / 1000,
          },
        },
      });
    }));

  test('a business plan has a monthly budget and no windows', () =>
    withScenario('business', async ({ get }) => {
      expect(await get('usage')).toMatchObject({
        plan_type: 'business',
        rate_limit: null,
        rate_limit_reached_type: null,
        additional_rate_limits: null,
        spend_control: {
          reached: false,
          individual_limit: {
            limit: '500',
            used: '120',
            remaining: '380',
            used_percent: 24,
            remaining_percent: 76,
          },
        },
        rate_limit_reset_credits: { available_count: 0 },
      });
    }));

  test('a free plan has one window of thirty days, which fills by one percent an hour', () =>
    withScenario('free', async ({ get, moveTo }) => {
      const nowMs = startMs + 60 * minuteMs;
      moveTo(nowMs);
      expect(await get('usage')).toMatchObject({
        plan_type: 'free',
        rate_limit: limit(window(61, 2_592_000, 1_033_200, nowMs), null),
        additional_rate_limits: null,
      });
    }));
});

describe('windows', () => {
  test('the five-hour window fills by one percent a minute and the weekly one by one in ten', () =>
    withScenario('fresh', async ({ get, moveTo }) => {
      const nowMs = startMs + 25.5 * minuteMs;
      moveTo(nowMs);
      expect(await get('usage')).toMatchObject({
        rate_limit: limit(window(25, 18_000, 16_470, nowMs), window(2, 604_800, 603_270, nowMs)),
      });
    }));

  test('a window fills up to 100 percent, and the limit is then reached', () =>
    withScenario('fresh', async ({ get, moveTo }) => {
      const nowMs = startMs + 250 * minuteMs;
      moveTo(nowMs);
      expect(await get('usage')).toMatchObject({
        rate_limit: limit(window(100, 18_000, 3_000, nowMs), window(25, 604_800, 589_800, nowMs), true),
      });
    }));

  test('a window keeps its percentage until its reset time', () =>
    withScenario('at-limit', async ({ get, moveTo }) => {
      moveTo(startMs + 7_200_000 - 1);
      expect(await get('usage')).toMatchObject({
        rate_limit: { primary_window: { used_percent: 100, reset_after_seconds: 1 } },
      });
    }));

  test('a window is empty again at its reset time', () =>
    withScenario('at-limit', async ({ get, moveTo }) => {
      const nowMs = startMs + 7_200_000;
      moveTo(nowMs);
      expect(await get('usage')).toMatchObject({
        rate_limit: limit(window(0, 18_000, 18_000, nowMs), window(100, 604_800, 252_000, nowMs), true),
      });
    }));

  test('a window that was not read for many periods keeps its reset schedule', () =>
    withScenario('at-limit', async ({ get, moveTo }) => {
      moveTo(startMs + 7_200_000 + 3 * 18_000_000 + 4 * minuteMs);
      expect(await get('usage')).toMatchObject({
        rate_limit: {
          primary_window: {
            used_percent: 4,
            limit_window_seconds: 18_000,
            reset_after_seconds: 17_760,
            reset_at: startSeconds + 7_200 + 4 * 18_000,
          },
        },
      });
    }));
});

describe('credit details', () => {
  test('the details list every credit with its times', () =>
    withScenario('at-limit', async ({ get }) => {
      expect(await get('rate-limit-reset-credits')).toEqual({
        available_count: 2,
        credits: [
          {
            id: 'credit-1',
            reset_type: 'codex_rate_limits',
            status: 'available',
            granted_at: '2025-12-31T00:00:00.000Z',
            expires_at: '2026-01-21T00:00:00.000Z',
            title: 'Monthly reset',
            description: 'Resets your usage limits once.',
          },
          {
            id: 'credit-2',
            reset_type: 'codex_rate_limits',
            status: 'available',
            granted_at: '2025-12-31T00:00:00.000Z',
            expires_at: '2026-01-04T00:00:00.000Z',
            title: 'Bonus reset',
            description: null,
          },
        ],
      });
    }));

  test('an expired credit is listed but no longer counted', () =>
    withScenario('at-limit', async ({ get, moveTo }) => {
      moveTo(startMs + 3 * dayMs);
      expect(await get('usage')).toMatchObject({ rate_limit_reset_credits: { available_count: 1 } });
      expect(await get('rate-limit-reset-credits')).toMatchObject({
        available_count: 1,
        credits: [
          { id: 'credit-1', status: 'available' },
          { id: 'credit-2', status: 'expired' },
        ],
      });
    }));

  test('a credit without an expiry stays available', () =>
    withScenario('fresh', async ({ get, moveTo }) => {
      moveTo(startMs + 10_000 * dayMs);
      expect(await get('rate-limit-reset-credits')).toMatchObject({
        available_count: 1,
        credits: [{ id: 'credit-1', status: 'available', expires_at: null }],
      });
    }));
});
