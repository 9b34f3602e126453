import { bodyCutOff, connectionLost, creditsBody, neverAnswered, usageBody } from '../backend.mjs';
import { readLimits } from '../methods.mjs';

const details = 'rate-limit-reset-credits';
const [usualRow] = creditsBody.credits;
const row = (members) => ({ ...usualRow, ...members });
const list = (...credits) => ({ body: { available_count: credits.length, credits } });

/** The usage body has a count of seven. */
const usageWithCount = { body: { ...usageBody, rate_limit_reset_credits: { available_count: 7 } } };

/** Reads once for each reply of the details, and picks from the summary. */
async function readEach({ open, backend }, replies, pick = (summary) => summary) {
  const server = await open();
  backend.replies.usage = usageWithCount;
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies[details] = reply;
    seen[name] = pick((await server.ask(readLimits)).rateLimitResetCredits);
  }
  return seen;
}

const byName = (names, make) => Object.fromEntries(names.map((name) => [name, make(name)]));

export default [
  {
    name: 'credits keep their order and are not filtered; the count of the details takes precedence',
    promise: 'account/rateLimits/read: The list may be shorter and is not filtered by status.',
    run: (context) =>
      readEach(context, {
        rows: list(
          row({ id: '', title: '', description: 'D' }),
          row({ id: 'redeemed', status: 'redeemed', expires_at: '2020-01-01T00:00:00Z' }),
          {
            id: 'short',
            reset_type: 'codex_rate_limits',
            status: 'available',
            granted_at: '2026-01-01T00:00:00Z',
          },
          row({ expires_at: null, title: null, other: 1 }),
        ),
        ...byName([0, 99, -1], (count) => ({ body: { available_count: count, credits: [] } })),
      }),
  },
  {
    name: 'statuses and types, and unknown ones; times in any zone become whole seconds',
    promise: 'Methods: times are Unix seconds',
    run: (context) => {
      const names = [
        'available',
        'redeeming',
        'redeemed',
        'unknown',
        'tomorrow',
        'codex_rate_limits',
        'codexRateLimits',
      ];
      const times = [
        ...['2026-01-01T00:00:00+01:30', '2026-01-01t00:00:00z', '2026-01-01 00:00:00-00:00'],
        ...[
          '2026-01-01T00:00:00.999Z',
          '1969-12-31T23:59:59.5Z',
          '2026-06-30T23:59:60Z',
          '2024-02-29T00:00:00Z',
        ],
      ];
      const replies = {
        ...byName(names, (name) => list(row({ status: name, reset_type: name }))),
        ...byName(times, (time) => list(row({ granted_at: time }))),
      };
      return readEach(context, replies, ({ credits: [{ status, resetType, grantedAt }] }) => [
        ...[status, resetType, grantedAt],
      ]);
    },
  },
  {
    name: 'unknown credits are null, a missing list is null, and an empty list is empty',
    promise: 'account/rateLimits/read: `rateLimitResetCredits` is null if nothing is known.',
    run: async ({ open, backend }) => {
      const server = await open();
      const read = async () => (await server.ask(readLimits)).rateLimitResetCredits;
      backend.replies[details] = { status: 500 };
      const nothing = await read();
      backend.replies.usage = usageWithCount;
      const onlyCount = await read();
      backend.replies[details] = list();
      return { nothing, onlyCount, none: await read() };
    },
  },
  {
    name: 'details that fail never fail the read',
    promise: 'account/rateLimits/read: The credits are best effort',
    run: (context) =>
      readEach(context, {
        unauthorized: { status: 401, body: {} },
        rateLimited: { status: 429, body: 'slow down' },
        broken: { status: 500, body: 'boom' },
        empty: { status: 204 },
        html: { body: '<html>' },
        lost: connectionLost,
        cutOff: bodyCutOff,
      }),
  },
  {
    name: 'the details have 1.5 s after the usage has arrived',
    promise: 'Time limits: get 1.5 s once the usage has arrived',
    departure: 'D4',
    mostlyWaits: true,
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = usageWithCount;
      backend.replies[details] = neverAnswered;
      const startMs = performance.now();
      const { rateLimitResetCredits } = await server.ask(readLimits);
      const waitedMs = performance.now() - startMs;
      return { rateLimitResetCredits, hasWaited: waitedMs > 1300, isInTime: waitedMs < 4000 };
    },
  },
  {
    name: 'a failed usage is answered at once, without waiting for the details',
    promise: 'Time limits: A usage read that fails does not wait for them.',
    departure: 'D4',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'gone' };
      backend.replies[details] = neverAnswered;
      const startMs = performance.now();
      const answer = await server.ask(readLimits);
      return { ...answer, isInTime: performance.now() - startMs < 1300 };
    },
  },
];
