import { expect, test } from 'vitest';
import * as z from 'zod';
import { scenarioNames, scenarios } from '../../../src/dev-backend/account/scenarios.js';
import { bearer, skippingClock, withDevBackend } from '../fixture.js';

// The bodies as codex reads them: one value of another type fails its whole read. Unknown members are refused here.

const integer32 = z.int32();
const integer64 = z.int();
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();
const time = z.iso.datetime({ offset: true });

const window = z.strictObject({
  used_percent: integer32,
  limit_window_seconds: integer32,
  reset_after_seconds: integer32,
  reset_at: integer32,
});
const rateLimit = z.strictObject({
  allowed: z.boolean(),
  limit_reached: z.boolean(),
  primary_window: maybe(window),
  secondary_window: maybe(window),
});
const usage = z.strictObject({
  user_id: maybe(z.string()),
  account_id: maybe(z.string()),
  email: z.string(),
  plan_type: z.string(),
  rate_limit: maybe(rateLimit),
  rate_limit_reached_type: maybe(z.strictObject({ type: z.string() })),
  additional_rate_limits: maybe(
    z.array(
      z.strictObject({
        metered_feature: z.string(),
        limit_name: z.string(),
        normal_model_slug: maybe(z.string()),
        rate_limit: maybe(rateLimit),
      }),
    ),
  ),
  credits: maybe(
    z.strictObject({ has_credits: z.boolean(), unlimited: z.boolean(), balance: maybe(z.string()) }),
  ),
  spend_control: maybe(
    z.strictObject({
      reached: z.boolean(),
      individual_limit: maybe(
        z.strictObject({
          source: maybe(z.string()),
          limit: z.string(),
          used: z.string(),
          remaining: z.string(),
          used_percent: integer32,
          remaining_percent: integer32,
          reset_after_seconds: integer32,
          reset_at: integer32,
        }),
      ),
    }),
  ),
  rate_limit_reset_credits: maybe(z.strictObject({ available_count: integer64 })),
});

const credits = z.strictObject({
  available_count: integer64,
  credits: z.array(
    z.strictObject({
      id: z.string(),
      reset_type: z.string(),
      status: z.string(),
      granted_at: time,
      expires_at: maybe(time),
      title: maybe(z.string()),
      description: maybe(z.string()),
    }),
  ),
});

const outcome = z.strictObject({
  code: z.enum(['reset', 'nothing_to_reset', 'no_credit', 'already_redeemed']),
  windows_reset: integer64,
});

const profile = z.strictObject({
  stats: z.strictObject({
    lifetime_tokens: maybe(integer64),
    peak_daily_tokens: maybe(integer64),
    longest_running_turn_sec: maybe(integer64),
    current_streak_days: maybe(integer64),
    longest_streak_days: maybe(integer64),
    daily_usage_buckets: maybe(z.array(z.strictObject({ start_date: z.string(), tokens: integer64 }))),
  }),
});

const threadUsage = z.strictObject({
  threads: z.array(
    z.strictObject({
      thread_id: z.literal('t'),
      estimated_usage_credits_micros: integer64,
      estimated_usage_usd_micros: maybe(integer64),
      native_usage_usd_micros: maybe(integer64),
      groups: maybe(
        z.array(
          z.strictObject({
            estimated_usage_credits_micros: integer64,
            model: maybe(z.string()),
            total_tokens: maybe(integer64),
          }),
        ),
      ),
    }),
  ),
});

const messages = z.strictObject({
  messages: z.array(
    z.strictObject({
      message_id: z.string(),
      message_type: z.string(),
      message_body: z.string(),
      created_at: maybe(time),
      archived_at: maybe(time),
    }),
  ),
});

const accounts = z.strictObject({
  accounts: z.array(
    z.strictObject({
      id: z.string(),
      workspace_backend_origin: z.string(),
      account_routing_override: z.string(),
      name: maybe(z.string()),
    }),
  ),
});

const reads: [path: string, request: RequestInit, body: z.ZodType][] = [
  ['usage', {}, usage],
  ['rate-limit-reset-credits', {}, credits],
  ['rate-limit-reset-credits/consume', { method: 'POST', body: '{"redeem_request_id":"k"}' }, outcome],
  ['profiles/me', {}, profile],
  ['usage/thread_usage/query', { method: 'POST', body: '{"thread_ids":["t"]}' }, threadUsage],
  ['workspace-messages', {}, messages],
  ['accounts/check', {}, accounts],
  ['usage', {}, usage],
  ['rate-limit-reset-credits', {}, credits],
];

/** The scenarios whose account answers at all. */
const answering = scenarioNames.filter((name) => !scenarios[name].fault);

test.each(answering)('codex can read every body of the scenario %s', (scenario) =>
  withDevBackend({ scenario, checksTokens: false, clock: skippingClock([]) }, async (backend) => {
    const { isUsageTruncated, redemptionIsLostForMs } = scenarios[scenario];
    const seen = [];
    for (const [path, request, body] of reads) {
      const isUnreadable =
        path === 'usage' ? isUsageTruncated : path.endsWith('consume') && redemptionIsLostForMs !== undefined;
      if (isUnreadable) continue;
      const response = await fetch(`${backend.url}/api/codex/${path}`, { ...request, headers: bearer });
      seen.push([path, response.status, body.safeParse(await response.json()).error?.issues ?? []]);
    }
    expect(seen).toEqual(seen.map(([path]) => [path, 200, []]));
    expect(seen.length).toBeGreaterThan(5);
  }),
);

test('the only bodies that codex cannot read are those of faults, and the truncated usage', () => {
  const others = scenarioNames.filter((name) => {
    const { fault, isUsageTruncated, redemptionIsLostForMs } = scenarios[name];
    return fault ?? isUsageTruncated ?? redemptionIsLostForMs;
  });
  expect(others).toEqual(['rate-limited', 'server-error', 'challenge', 'malformed', 'lost-consume']);
});
