import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { answerWithCodex } from '../../support/bare-answer.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const everything = {
  account_id: 'account-dev',
  user_id: 'user-dev',
  email: 'dev@example.com',
  plan_type: 'plus',
  rate_limit: {
    allowed: false,
    limit_reached: true,
    primary_window: {
      used_percent: 101,
      limit_window_seconds: 18_000,
      reset_after_seconds: 60,
      reset_at: 1_767_225_660,
    },
    secondary_window: {
      used_percent: -1,
      limit_window_seconds: 604_800,
      reset_after_seconds: 0,
      reset_at: 0,
    },
  },
  credits: {
    has_credits: true,
    unlimited: false,
    balance: ' 12.50 ',
    approx_local_messages: [1, 2],
    approx_cloud_messages: null,
  },
  spend_control: {
    reached: true,
    individual_limit: {
      limit: '100.00',
      used: '99.5',
      remaining: '0.5',
      used_percent: 99,
      remaining_percent: 1,
      reset_after_seconds: 60,
      reset_at: 1_767_225_661,
      source: 'workspace',
    },
  },
  rate_limit_reached_type: { type: 'workspace_member_usage_limit_reached' },
  additional_rate_limits: [
    {
      metered_feature: 'Codex Extra ✨',
      limit_name: 'Extra',
      normal_model_slug: 'model-x',
      rate_limit: {
        allowed: true,
        limit_reached: false,
        primary_window: null,
        secondary_window: {
          used_percent: 7,
          limit_window_seconds: 3_600,
          reset_after_seconds: 5,
          reset_at: 1_767_225_605,
        },
      },
    },
  ],
  rate_limit_reset_credits: { available_count: 5 },
  rate_limit_upsell: { kind: 'plan_upgrade', plans: ['pro', null] },
};

const details = {
  available_count: 2,
  credits: [
    {
      id: 'credit-1',
      reset_type: 'codex_rate_limits',
      status: 'available',
      granted_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00.9+01:00',
      title: 'Monthly',
      description: '',
    },
    {
      id: '',
      reset_type: 'codexRateLimits',
      status: 'expired',
      granted_at: '1969-12-31T23:59:59.5Z',
    },
  ],
};

const codexSnapshot = {
  limitId: 'codex',
  limitName: null,
  normalModelSlug: null,
  primary: { usedPercent: 101, windowDurationMins: 300, resetsAt: 1_767_225_660 },
  secondary: { usedPercent: -1, windowDurationMins: 10_080, resetsAt: 0 },
  credits: { hasCredits: true, unlimited: false, balance: ' 12.50 ' },
  individualLimit: { limit: '100.00', used: '99.5', remainingPercent: 1, resetsAt: 1_767_225_661 },
  spendControlReached: true,
  planType: 'plus',
  rateLimitReachedType: 'workspace_member_usage_limit_reached',
};

const wholeAnswer = {
  result: {
    rateLimits: codexSnapshot,
    rateLimitsByLimitId: {
      codex: codexSnapshot,
      'Codex Extra ✨': {
        limitId: 'Codex Extra ✨',
        limitName: 'Extra',
        normalModelSlug: 'model-x',
        primary: null,
        secondary: { usedPercent: 7, windowDurationMins: 60, resetsAt: 1_767_225_605 },
        credits: null,
        individualLimit: null,
        spendControlReached: null,
        planType: 'plus',
        rateLimitReachedType: null,
      },
    },
    rateLimitResetCredits: {
      availableCount: 2,
      credits: [
        {
          id: 'credit-1',
          resetType: 'codexRateLimits',
          status: 'available',
          grantedAt: 1_767_225_600,
          expiresAt: 1_769_900_400,
          title: 'Monthly',
          description: '',
        },
        {
          id: '',
          resetType: 'unknown',
          status: 'unknown',
          grantedAt: -1,
          expiresAt: null,
          title: null,
          description: null,
        },
      ],
    },
    accountId: 'account-dev',
    ordinaryUsageAllowed: false,
    rateLimitUpsell: { kind: 'plan_upgrade', plans: ['pro', null] },
  },
};

test('the result holds all data of usage and details', () =>
  withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    backend.script('usage', { body: everything });
    backend.script('credits', { body: details });
    expect(await read({})).toEqual(wholeAnswer);
  }));

test('for the smallest body every member of the result is present and null', () =>
  withAccount({}, async ({ backend, server, read }) => {
    backend.script('usage', { body: { plan_type: 'pro' } });
    await read();
    const snapshot =
      '{"limitId":"codex","limitName":null,"normalModelSlug":null,"primary":null,"secondary":null,' +
      '"credits":null,"individualLimit":null,"spendControlReached":null,"planType":"pro","rateLimitReachedType":null}';
    expect(server.lines.at(-1)).toBe(
      `{"id":2,"result":{"rateLimits":${snapshot},"rateLimitsByLimitId":{"codex":${snapshot}},` +
        '"rateLimitResetCredits":null,"accountId":null,"ordinaryUsageAllowed":null,"rateLimitUpsell":null}}',
    );
  }));

test.each([
  ['free', 'free'],
  ['go', 'go'],
  ['plus', 'plus'],
  ['pro', 'pro'],
  ['prolite', 'prolite'],
  ['promax', 'promax'],
  ['team', 'team'],
  ['self_serve_business_prolite', 'self_serve_business_prolite'],
  ['self_serve_business_usage_based', 'self_serve_business_usage_based'],
  ['business', 'business'],
  ['ent26', 'ent26'],
  ['enterprise_cbp_automation', 'enterprise_cbp_automation'],
  ['enterprise_cbp_usage_based', 'enterprise_cbp_usage_based'],
  ['enterprise', 'enterprise'],
  ['edu', 'edu'],
  ['edu_plus', 'edu_plus'],
  ['edu_pro', 'edu_pro'],
  ['sci', 'sci'],
  ['sci_plus', 'sci_plus'],
  ['unknown', 'unknown'],
  ['education', 'edu'],
  ['guest', 'unknown'],
  ['hc', 'unknown'],
  ['PRO', 'unknown'],
  [' pro', 'unknown'],
  ['', 'unknown'],
])('the plan %j is shown as %j', (plan, planType) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { plan_type: plan } });
    expect(await read()).toEqual(answerWithCodex({ planType }));
  }),
);

test.each([
  [1, 1],
  [60, 1],
  [61, 2],
  [17_999, 300],
  [18_000, 300],
  [18_001, 301],
  [0, null],
  [-1, null],
])('a window of %i seconds lasts %j minutes', (seconds, windowDurationMins) =>
  withAccount({}, async ({ backend, read }) => {
    const window = { used_percent: 1, limit_window_seconds: seconds, reset_after_seconds: 0, reset_at: -5 };
    backend.script('usage', { body: { rate_limit: { allowed: true, primary_window: window } } });
    const primary = { usedPercent: 1, windowDurationMins, resetsAt: -5 };
    expect(await read()).toEqual(answerWithCodex({ primary }));
  }),
);

test.each([
  ['rate_limit_reached', 'rate_limit_reached'],
  ['workspace_owner_credits_depleted', 'workspace_owner_credits_depleted'],
  ['workspace_member_credits_depleted', 'workspace_member_credits_depleted'],
  ['workspace_owner_usage_limit_reached', 'workspace_owner_usage_limit_reached'],
  ['workspace_member_usage_limit_reached', 'workspace_member_usage_limit_reached'],
  ['rateLimitReached', null],
  ['', null],
])('the reached type %j is shown as %j', (type, rateLimitReachedType) =>
  withAccount({}, async ({ backend, read }) => {
    backend.script('usage', { body: { rate_limit_reached_type: { type } } });
    expect(await read()).toEqual(answerWithCodex({ rateLimitReachedType }));
  }),
);
