import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListedCredit, redeemableCredits, soonestExpiry } from '../../src/limits/credits.js';
import { mergeRateLimits } from '../../src/limits/merge.js';
import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from '../../src/client/protocol.js';
import { findWindow, isStale, listWindows, windowName } from '../../src/limits/windows.js';

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });

const window = fc.record({
  usedPercent: fc.integer({ min: 0, max: 120 }),
  windowDurationMins: nullable(fc.constantFrom(300, 10_080, 43_200)),
  resetsAt: nullable(fc.integer({ min: 0, max: 2_000 })),
});

const limitIds = ['codex', 'codex_other', 'third'];

const snapshot: fc.Arbitrary<RateLimitSnapshot> = fc.record({
  limitId: nullable(fc.constantFrom(...limitIds)),
  limitName: nullable(fc.string()),
  normalModelSlug: nullable(fc.string()),
  primary: nullable(window),
  secondary: nullable(window),
  credits: nullable(
    fc.record({ hasCredits: fc.boolean(), unlimited: fc.boolean(), balance: fc.constant(null) }),
  ),
  individualLimit: fc.constant(null),
  spendControlReached: nullable(fc.boolean()),
  planType: nullable(fc.constantFrom('pro', 'plus')),
  rateLimitReachedType: nullable(fc.constantFrom('rate_limit_reached' as const)),
});

const response: fc.Arbitrary<GetAccountRateLimitsResponse> = fc
  .record({
    rateLimits: snapshot.map((limit) => ({ ...limit, limitId: 'codex' })),
    other: snapshot.map((limit) => ({ ...limit, limitId: 'codex_other' })),
    ordinaryUsageAllowed: nullable(fc.boolean()),
  })
  .map(({ rateLimits, other, ordinaryUsageAllowed }) => ({
    rateLimits,
    rateLimitsByLimitId: { codex: rateLimits, codex_other: other },
    rateLimitResetCredits: null,
    accountId: 'account',
    ordinaryUsageAllowed,
    rateLimitUpsell: null,
  }));

const sparse = fc
  .tuple(snapshot, fc.subarray(['limitName', 'primary', 'secondary', 'credits', 'planType'] as const))
  .map(([limit, absent]) => {
    const rateLimits: Partial<RateLimitSnapshot> = { ...limit };
    for (const name of absent) Reflect.deleteProperty(rateLimits, name);
    return { rateLimits };
  });

test('a merged limit has the values of the update, and keeps the others', () => {
  fc.assert(
    fc.property(response, sparse, (read, update) => {
      const id = update.rateLimits.limitId ?? 'codex';
      const before = read.rateLimitsByLimitId?.[id];
      const merged = mergeRateLimits(read, update).rateLimitsByLimitId?.[id];
      for (const [name, value] of Object.entries(merged ?? {})) {
        const sent = update.rateLimits[name as keyof RateLimitSnapshot] ?? null;
        const kept = before?.[name as keyof RateLimitSnapshot] ?? null;
        expect(value).toEqual(name === 'limitId' ? id : (sent ?? kept));
      }
    }),
  );
});

test('a merge changes no other limit and no argument, and sets the main limit in both places', () => {
  fc.assert(
    fc.property(response, sparse, (read, update) => {
      const copies = structuredClone([read, update]);
      const merged = mergeRateLimits(read, update);
      expect([read, update]).toEqual(copies);
      expect(merged.rateLimits).toEqual(merged.rateLimitsByLimitId?.codex);
      for (const other of limitIds.filter((id) => id !== (update.rateLimits.limitId ?? 'codex'))) {
        expect(merged.rateLimitsByLimitId?.[other]).toEqual(read.rateLimitsByLimitId?.[other]);
      }
    }),
  );
});

test('updates of ever new limits and long updates change nothing beyond a bound, and those of known limits still do', () => {
  const [read] = fc.sample(response, 1);
  const start = { ...read!, rateLimitsByLimitId: {} };
  const many = Array.from({ length: 3_000 }, (_, index) => ({ limitId: `limit ${index}`, limitName: 'new' }));
  const merged = many.reduce((before, rateLimits) => mergeRateLimits(before, { rateLimits }), start);
  expect(Object.keys(merged.rateLimitsByLimitId)).toHaveLength(1_000);
  const long = { limitId: 'limit 1', limitName: 'x'.repeat(8 * 1024) };
  expect(mergeRateLimits(merged, { rateLimits: long })).toBe(merged);
  const known = mergeRateLimits(merged, { rateLimits: { limitId: 'limit 1', limitName: 'known' } });
  expect(known.rateLimitsByLimitId).toMatchObject({ 'limit 1': { limitName: 'known' } });
});

test('updates with ever new members make a limit at most 8 KiB long', () => {
  const [read] = fc.sample(response, 1);
  const names = Array.from({ length: 3_000 }, (_, index) => `member${index}`);
  const merged = names.reduce(
    (before, name) => mergeRateLimits(before, { rateLimits: { limitId: 'third', [name]: 'x'.repeat(100) } }),
    read!,
  );
  expect(JSON.stringify(merged.rateLimitsByLimitId?.third).length).toBeLessThanOrEqual(8 * 1024);
  const known = mergeRateLimits(merged, { rateLimits: { limitId: 'third', member0: 'y' } as object });
  expect(known.rateLimitsByLimitId?.third).toMatchObject({ member0: 'y' });
});

test('updates make a limit that a read has with more than 8 KiB no longer', () => {
  const [{ rateLimits } = { rateLimits: {} as RateLimitSnapshot }] = fc.sample(response, 1);
  const long = { ...rateLimits, limitName: 'x'.repeat(9_000), spendControlReached: true };
  const read = { rateLimits: long, rateLimitsByLimitId: { codex: long } };
  const longer = { rateLimits: { limitName: 'x'.repeat(10_000) } };
  expect(mergeRateLimits(read, longer)).toBe(read);
  const shorter = { rateLimits: { limitName: 'short' } };
  expect(mergeRateLimits(read, shorter).rateLimits.limitName).toBe('short');
});

test('a repeated update changes nothing, nor does an update without values', () => {
  fc.assert(
    fc.property(response, sparse, (read, update) => {
      const once = mergeRateLimits(read, update);
      expect(mergeRateLimits(once, update)).toEqual(once);
      expect(mergeRateLimits(read, { rateLimits: {} })).toEqual(read);
    }),
  );
});

test('windows are found by their length in either slot, and listed with the shortest first', () => {
  fc.assert(
    fc.property(snapshot, fc.integer({ min: 0, max: 2_000_000 }), (limit, nowMs) => {
      const swapped = { ...limit, primary: limit.secondary, secondary: limit.primary };
      const listed = listWindows(limit, nowMs);
      const lengths = listed.map(({ windowDurationMins }) => windowDurationMins ?? Infinity);
      expect(lengths).toEqual([...lengths].sort((one, other) => one - other));
      expect(listed).toHaveLength([limit.primary, limit.secondary].filter(Boolean).length);
      if (new Set(lengths).size < lengths.length) return;
      expect(listWindows(swapped, nowMs)).toEqual(listed);
      expect(findWindow(swapped, 300, nowMs)).toEqual(findWindow(limit, 300, nowMs));
    }),
  );
});

test('a window past its reset has an unknown use', () => {
  const limit = { primary: { usedPercent: 80, windowDurationMins: 300, resetsAt: 1_000 }, secondary: null };
  const at = (nowMs: number) => listWindows(limit, nowMs)[0]?.usedPercent;
  expect([at(999_999), at(1_000_000)]).toEqual([80, null]);
  expect([
    isStale({ resetsAt: null }, 1e15),
    isStale({ resetsAt: 1 }, 999),
    isStale({ resetsAt: 1 }, 1_000),
  ]).toEqual([false, false, true]);
});

test.each([
  [300, '5 hours'],
  [60, '1 hour'],
  [10_080, 'week'],
  [43_200, 'month'],
  [40_320, 'month'],
  [1_440, '1 day'],
  [525_600, 'year'],
  [90, '90 minutes'],
  [2_880, '2 days'],
  [null, 'window'],
])('a window of %s minutes is called %s', (mins, name) => {
  expect(windowName(mins)).toBe(name);
});

/** The shortest and the longest length of each name. */
test.each([
  ['5 hours', 285, 315],
  ['1 day', 1_368, 1_512],
  ['week', 9_576, 10_584],
  ['month', 41_040, 45_360],
  ['year', 499_320, 551_880],
])('a length within 5 % of another is called by its name: %s', (name, least, most) => {
  expect([windowName(least), windowName(most)]).toEqual([name, name]);
  expect([windowName(least - 1), windowName(most + 1)]).not.toContain(name);
});

test.each([
  [[299, 10_080], 299],
  [[286, 301], 301],
  [[300, 301], 300],
  [[284, 316], undefined],
  [[null, 10_080], undefined],
])('of the windows with %j minutes, that of 300 minutes is found: %j', (lengths, found) => {
  const [primary = null, secondary = null] = lengths.map((windowDurationMins) => ({
    usedPercent: 1,
    windowDurationMins,
    resetsAt: null,
  }));
  expect(findWindow({ primary, secondary }, 300, 0)?.windowDurationMins).toBe(found);
});

const credit = fc.record({
  id: fc.uuid(),
  resetType: fc.constant('codexRateLimits' as const),
  status: fc.constantFrom(
    'available' as const,
    'redeeming' as const,
    'redeemed' as const,
    'unknown' as const,
  ),
  grantedAt: fc.constant(0),
  expiresAt: nullable(fc.integer({ min: 0, max: 2_000 })),
  title: fc.constant(null),
  description: fc.constant(null),
});

test('the soonest expiry is that of an available credit which has not expired', () => {
  fc.assert(
    fc.property(fc.array(credit), fc.integer({ min: 0, max: 2_000_000 }), (credits, nowMs) => {
      const summary = { availableCount: 1, credits };
      const open = credits.filter(
        ({ status, expiresAt }) => status === 'available' && (expiresAt === null || expiresAt * 1000 > nowMs),
      );
      const times = open.flatMap(({ expiresAt }) => expiresAt ?? []);
      expect(soonestExpiry(summary, nowMs)).toBe(times.length > 0 ? Math.min(...times) : null);
      expect(new Set(redeemableCredits(summary, nowMs))).toEqual(new Set(open));
    }),
  );
  const without = { availableCount: 3, credits: null };
  expect([soonestExpiry(null, 0), soonestExpiry(without, 0)]).toEqual([null, null]);
});

test('credits that never expire come after those that do, and credits of unknown expiry last', () => {
  const credits: ListedCredit[] = [
    { status: 'available', expiresAt: null },
    { status: 'available', expiresAt: 9 },
  ];
  const creditsOfUnknownExpiry: ListedCredit[] = [{ status: 'redeemed' }, { status: 'available' }];
  const summary = { availableCount: 3, credits, creditsOfUnknownExpiry };
  expect(redeemableCredits(summary, 8_999).map(({ expiresAt }) => expiresAt)).toEqual([9, null, undefined]);
  expect(redeemableCredits(summary, 9_000).map(({ expiresAt }) => expiresAt)).toEqual([null, undefined]);
  expect([soonestExpiry(summary, 0), soonestExpiry({ ...summary, credits: null }, 0)]).toEqual([9, null]);
});
