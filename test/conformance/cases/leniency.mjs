import zlib from 'node:zlib';

import { creditsBody, usageBody, windowOf } from '../backend.mjs';
import { consume, readLimits } from '../methods.mjs';

const { rate_limit: usualLimit } = usageBody;
const [usualRow] = creditsBody.credits;
const usage = (members) => ({ body: { ...usageBody, ...members } });
const window = (members) =>
  usage({
    rate_limit: { ...usualLimit, primary_window: { ...windowOf(300, 42, 1_900_000_000), ...members } },
  });

/** Reads once for each reply of a resource, and picks from the results. */
async function readEach({ open, backend }, resource, replies, pick) {
  const server = await open();
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies[resource] = reply;
    const answer = await server.ask(readLimits, { excludeResetCreditDetails: resource === 'usage' });
    seen[name] = answer.error ? answer : pick(answer);
  }
  return seen;
}

/** A case about the usage body. */
const lenient = (name, replies, pick) => ({
  name,
  promise: 'Lenient reading: Values of a body are read one by one',
  departure: 'D5',
  run: (context) => readEach(context, 'usage', replies, pick),
});

/** A case about the details. */
const lenientDetails = (name, bodies) => ({
  name,
  promise: 'Lenient reading: Values of a body are read one by one',
  departure: 'D5',
  run: (context) => {
    context.backend.replies.usage = usage({ rate_limit_reset_credits: { available_count: 7 } });
    const replies = Object.entries(bodies).map(([key, body]) => [key, { body }]);
    const pick = ({ rateLimitResetCredits }) => rateLimitResetCredits;
    return readEach(context, 'rate-limit-reset-credits', Object.fromEntries(replies), pick);
  },
});

const primary = ({ rateLimits }) => rateLimits.primary;
const individualLimit = {
  ...{ limit: '100', used: '25', remaining: '75', used_percent: 25, remaining_percent: 75 },
  ...{ reset_after_seconds: 60, reset_at: 1_900_000_000 },
};

export default [
  lenient(
    'fractions are rounded, numbers as text are read, and a window without a percentage is null',
    {
      fraction: window({ used_percent: 42.4 }),
      half: window({ used_percent: 42.5 }),
      negativeHalf: window({ used_percent: -0.5 }),
      exponent: {
        body: JSON.stringify(window({}).body).replace('"used_percent":42', '"used_percent":4.2e1'),
      },
      text: window({ used_percent: '42', limit_window_seconds: '3600', reset_at: '1900000000.4' }),
      late: window({ reset_at: 4_102_444_800 }),
      noPercentage: window({ used_percent: undefined }),
      oddPercentage: window({ used_percent: 'many' }),
      tooLarge: window({ used_percent: 2_147_483_648 }),
      noLength: window({ limit_window_seconds: undefined }),
      oddReset: window({ reset_at: 'soon', reset_after_seconds: undefined }),
      noCountdown: window({ reset_after_seconds: undefined }),
      empty: usage({ rate_limit: { ...usualLimit, primary_window: {} } }),
      noObject: usage({ rate_limit: { ...usualLimit, primary_window: 'x' } }),
    },
    primary,
  ),
  lenient(
    'a reset time that is missing follows from the seconds that are left',
    {
      missing: window({ reset_at: undefined, reset_after_seconds: 3600 }),
      null: window({ reset_at: null, reset_after_seconds: '3600' }),
      both: window({ reset_after_seconds: 3600 }),
    },
    ({ rateLimits: { primary: seen } }) => {
      const leftSecs = seen.resetsAt - Date.now() / 1000;
      return leftSecs > 3500 && leftSecs < 3601.1 ? 'in an hour' : seen.resetsAt;
    },
  ),
  lenient(
    'a missing plan or permission affects nothing else, and ids that are not text are null',
    {
      noAllowed: usage({ rate_limit: { ...usualLimit, allowed: undefined } }),
      oddAllowed: usage({ rate_limit: { ...usualLimit, allowed: 'yes' } }),
      noReached: usage({ rate_limit: { ...usualLimit, limit_reached: undefined } }),
      noObject: usage({ rate_limit: [] }),
      noPlan: usage({ plan_type: undefined }),
      nullPlan: usage({ plan_type: null }),
      numberAsPlan: usage({ plan_type: 5 }),
      objectAsPlan: usage({ plan_type: {} }),
      oddIds: usage({ account_id: 5, user_id: 5 }),
    },
    ({ ordinaryUsageAllowed, accountId, rateLimits }) => [
      ...[rateLimits.planType, ordinaryUsageAllowed, accountId, rateLimits.primary?.usedPercent ?? null],
    ],
  ),
  lenient(
    'incomplete credits and individual limits are null, and a balance that is a number becomes text',
    {
      balance: usage({ credits: { has_credits: true, unlimited: false, balance: 12.5 } }),
      oddBalance: usage({ credits: { has_credits: true, unlimited: false, balance: {} } }),
      noUnlimited: usage({ credits: { has_credits: true, balance: '1' } }),
      limit: usage({
        spend_control: { reached: 'x', individual_limit: { ...individualLimit, remaining_percent: 74.5 } },
      }),
      noLimit: usage({
        spend_control: { reached: true, individual_limit: { ...individualLimit, limit: undefined } },
      }),
      notReached: usage({
        spend_control: { reached: false, individual_limit: { ...individualLimit, limit: undefined } },
      }),
      noLimitAtAll: usage({ spend_control: { reached: false, individual_limit: null } }),
      noObject: usage({ credits: true, spend_control: 5, rate_limit_reached_type: 'rate_limit_reached' }),
    },
    ({ rateLimits: { credits, individualLimit: limit, spendControlReached, rateLimitReachedType } }) => [
      ...[credits, limit, spendControlReached, rateLimitReachedType],
    ],
  ),
  lenient(
    'an additional limit without an id is dropped, the others stay',
    {
      rows: usage({
        additional_rate_limits: [
          ...[null, 5, { limit_name: 'No id' }, { metered_feature: 5, limit_name: 'Number' }],
          ...[{ metered_feature: 'bare' }, { metered_feature: 'odd', limit_name: 5, rate_limit: {} }],
        ],
      }),
      noList: usage({ additional_rate_limits: {} }),
    },
    ({ rateLimitsByLimitId }) =>
      Object.values(rateLimitsByLimitId).map(({ limitId, limitName }) => [limitId, limitName]),
  ),
  lenientDetails(
    'a credit without id or grant date is dropped, and an unreadable count is replaced by that of the usage',
    {
      noId: { available_count: 2, credits: [usualRow, { ...usualRow, id: undefined }] },
      noGrant: { available_count: 2, credits: [{ ...usualRow, granted_at: 'today' }, usualRow] },
      oddExpiry: { available_count: 1, credits: [{ ...usualRow, expires_at: 'never', title: 5 }] },
      oddEnums: { available_count: 1, credits: [{ ...usualRow, status: 5, reset_type: null }] },
      noList: { available_count: 3, credits: null },
      noCount: { credits: [usualRow] },
      oddCount: { available_count: 'some', credits: [] },
      textAsCount: { available_count: '3', credits: [] },
      fractionAsCount: { available_count: 2.5, credits: [] },
    },
  ),
  {
    name: 'compressed replies are decoded',
    promise: 'Encodings: Bodies labelled gzip, deflate or br are decoded all the same',
    departure: 'D5',
    run: (context) => {
      const text = JSON.stringify(usageBody);
      const as = (encoding, body) => ({ headers: { 'content-encoding': encoding }, body });
      return readEach(
        context,
        'usage',
        {
          gzip: as('gzip', zlib.gzipSync(text)),
          deflate: as('deflate', zlib.deflateSync(text)),
          rawDeflate: as('deflate', zlib.deflateRawSync(text)),
          brotli: as('br', zlib.brotliCompressSync(text)),
          notCompressed: as('gzip', text),
          notZstd: as('zstd', text),
        },
        ({ rateLimits }) => rateLimits.planType,
      );
    },
  },
  {
    name: 'windows_reset in the reply to a consume is ignored',
    promise: 'Lenient reading: In the reply to a consume only `code` is read.',
    departure: 'D5',
    run: async ({ open, backend }) => {
      const server = await open();
      const seen = [];
      for (const windows_reset of [null, 'two', 1.5]) {
        backend.replies['rate-limit-reset-credits/consume'] = { body: { code: 'reset', windows_reset } };
        seen.push(await server.ask(consume, { idempotencyKey: `key ${seen.length}` }));
      }
      return seen;
    },
  },
];
