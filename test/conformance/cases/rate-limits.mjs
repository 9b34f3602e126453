import { usageBody, windowOf } from '../backend.mjs';
import { readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };

/** Returns the usage body with other members; undefined omits a member. */
const usage = (members) => ({ body: { ...usageBody, ...members } });
const withPrimary = (window) => usage({ rate_limit: { ...usageBody.rate_limit, primary_window: window } });
const withSecondary = (window) =>
  usage({ rate_limit: { ...usageBody.rate_limit, secondary_window: window } });

/** Reads once for each reply of the usage, and picks from the results. */
async function readEach({ open, backend }, replies, pick) {
  const server = await open();
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies.usage = reply;
    const answer = await server.ask(readLimits, usageOnly);
    seen[name] = answer.error ? answer : pick(answer);
  }
  return seen;
}

const byName = (names, make) => Object.fromEntries(names.map((name) => [name, make(name)]));

export default [
  {
    name: 'the smallest body',
    promise: 'Methods: A field without a value is null.',
    run: async ({ open, backend }) => {
      backend.replies.usage = { body: { plan_type: 'plus' } };
      return (await open()).ask(readLimits, usageOnly);
    },
  },
  {
    name: 'everything at once',
    promise: 'account/rateLimits/read',
    run: async ({ open, backend }) => {
      backend.replies.usage = usage({
        credits: { has_credits: true, unlimited: false, balance: '12.50' },
        spend_control: {
          reached: true,
          individual_limit: {
            ...{ source: 'group', limit: '100.00', used: '25.00', remaining: '75.00' },
            ...{ used_percent: 25, remaining_percent: 75, reset_after_seconds: 60, reset_at: 1_900_000_000 },
          },
        },
        rate_limit_reached_type: { type: 'workspace_member_usage_limit_reached' },
        additional_rate_limits: [
          {
            limit_name: 'Other',
            metered_feature: 'codex_other',
            normal_model_slug: 'gpt-5',
            rate_limit: {
              allowed: true,
              limit_reached: false,
              primary_window: windowOf(30, 88, 1_800_000_000),
            },
          },
          { limit_name: 'Bare', metered_feature: 'bare' },
        ],
        rate_limit_reset_credits: { available_count: 3 },
        rate_limit_upsell: { banner_type: 'x' },
        new_field: { of: ['tomorrow'] },
      });
      return (await open()).ask(readLimits);
    },
  },
  {
    name: 'minutes are rounded up, other values of a window are unchanged, and either window may be missing',
    promise: 'account/rateLimits/read: A window is identified by `windowDurationMins`',
    run: (context) => {
      const lengths = [1, 59, 60, 61, 604_800, 0, -60, 2_147_483_647];
      const ofLength = (seconds) => withPrimary({ ...windowOf(0, 101, -1), limit_window_seconds: seconds });
      const replies = {
        ...byName(lengths, ofLength),
        noPrimary: withPrimary(null),
        noSecondary: withSecondary(undefined),
        noLimit: usage({ rate_limit: null }),
      };
      return readEach(context, replies, ({ rateLimits: { primary, secondary }, ordinaryUsageAllowed }) => ({
        primary,
        secondaryMins: secondary?.windowDurationMins ?? null,
        ordinaryUsageAllowed,
      }));
    },
  },
  {
    name: 'every plan and every kind of reached limit, and unknown ones',
    promise: 'account/rateLimits/read',
    run: (context) => {
      const plans = [
        ...['free', 'go', 'plus', 'pro', 'prolite', 'promax', 'team', 'self_serve_business_prolite'],
        ...['self_serve_business_usage_based', 'business', 'ent26', 'enterprise_cbp_automation'],
        ...['enterprise_cbp_usage_based', 'enterprise', 'edu', 'edu_plus', 'edu_pro', 'education', 'sci'],
        ...['sci_plus', 'unknown', 'guest', 'PRO', '', 'quorum', 'hc'],
      ];
      const types = [
        ...['rate_limit_reached', 'workspace_owner_credits_depleted', 'workspace_member_credits_depleted'],
        ...['workspace_owner_usage_limit_reached', 'workspace_member_usage_limit_reached', 'tomorrow'],
      ];
      const replies = {
        ...byName(plans, (plan) => usage({ plan_type: plan })),
        ...byName(types, (type) => usage({ rate_limit_reached_type: { type } })),
      };
      return readEach(context, replies, ({ rateLimits: { planType, rateLimitReachedType } }) => [
        planType,
        rateLimitReachedType,
      ]);
    },
  },
  {
    name: 'the balance is the backend’s own text',
    promise: 'account/rateLimits/read',
    run: (context) =>
      readEach(
        context,
        byName(['12.50', ' 0 ', '', '1e3', 'many'], (balance) =>
          usage({ credits: { has_credits: true, unlimited: true, balance } }),
        ),
        ({ rateLimits }) => rateLimits.credits,
      ),
  },
  {
    name: 'additional limits have their own ids; one called codex is only in the map',
    promise: 'account/rateLimits/read: `rateLimitsByLimitId` has every limit by its id.',
    run: async ({ open, backend }) => {
      const limit = (metered_feature, limit_name) => ({ metered_feature, limit_name });
      backend.replies.usage = usage({
        additional_rate_limits: [
          limit('', 'Empty'),
          limit('é B', 'Odd'),
          limit('x', 'Old'),
          limit('x', 'New'),
          limit('codex', 'Own'),
        ],
        credits: { has_credits: true, unlimited: false },
      });
      const { rateLimits, rateLimitsByLimitId } = await (await open()).ask(readLimits, usageOnly);
      const names = Object.entries(rateLimitsByLimitId).map(([id, { limitId, limitName }]) => [
        id,
        limitId,
        limitName,
      ]);
      return {
        names: names.sort(),
        first: [rateLimits.limitName, rateLimits.credits],
        inMap: rateLimitsByLimitId.codex,
      };
    },
  },
  {
    name: 'ordinaryUsageAllowed and the upsell are shown only if the body names this login',
    promise: 'account/rateLimits/read: It is null if the backend gave no answer for this login.',
    run: (context) =>
      readEach(
        context,
        Object.fromEntries(
          Object.entries({
            own: {},
            refused: { rate_limit: { ...usageBody.rate_limit, allowed: false } },
            otherAccount: { account_id: 'account-2' },
            otherUser: { user_id: 'user-2' },
            noUser: { user_id: undefined },
            noAccount: { account_id: null },
          }).map(([name, members]) => [name, usage({ ...members, rate_limit_upsell: { a: 1 } })]),
        ),
        ({ ordinaryUsageAllowed, rateLimitUpsell, accountId }) => [
          ordinaryUsageAllowed,
          rateLimitUpsell,
          accountId,
        ],
      ),
  },
  {
    name: 'the numbers of the upsell are unchanged',
    promise: "account/rateLimits/read: `rateLimitUpsell` is the backend's own value",
    run: async ({ open, backend }) => {
      const upsell = '{"a_b":1.10,"n":123456789012345678901234567890,"e":1e5,"z":-0,"é":[null,1.0]}';
      backend.replies.usage = {
        body: JSON.stringify(usageBody).replace(/\}$/, `,"rate_limit_upsell":${upsell}}`),
      };
      const server = await open();
      await server.ask(readLimits, usageOnly);
      const texts = server.messages.map(({ raw }) => /"rateLimitUpsell":(.*?\})/.exec(raw)?.[1]);
      return texts.find((text) => text !== undefined);
    },
  },
  {
    name: 'content type, charset, white space and byte order mark',
    promise: 'Encodings: Text is decoded by the charset of the content type',
    run: (context) => {
      const text = JSON.stringify({ ...usageBody, account_id: 'é' });
      const as = (type, body) => ({ headers: { 'content-type': type }, body });
      return readEach(
        context,
        {
          html: as('text/html', text),
          latin1: as('application/json; charset=iso-8859-1', Buffer.from(text, 'latin1')),
          utf16: as('application/json; charset=utf-16le', Buffer.from(text, 'utf16le')),
          unknown: as('application/json; charset=zork', text),
          mark: { body: `\ufeff\r\n ${text}\n\n` },
          badBytes: { body: Buffer.from(text, 'latin1') },
        },
        ({ accountId }) => accountId,
      );
    },
  },
];
