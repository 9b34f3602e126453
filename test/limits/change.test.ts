import { expect, test } from 'vitest';
import { changeSince, hasLimitChanged } from '../../src/limits/change.js';
import type { RateLimitSnapshot } from '../../src/protocol/schema/rate-limits.js';

const limit: RateLimitSnapshot = {
  limitId: 'codex',
  limitName: null,
  normalModelSlug: null,
  primary: { usedPercent: 40, windowDurationMins: 300, resetsAt: 10_000 },
  secondary: null,
  credits: { hasCredits: true, unlimited: false, balance: '5' },
  individualLimit: null,
  spendControlReached: false,
  planType: 'pro',
  rateLimitReachedType: null,
};
const primary = { usedPercent: 40, windowDurationMins: 300, resetsAt: 10_000 };
const unused = { ...primary, usedPercent: 0 };

test.each([
  ['the same limit', limit, limit, false],
  ['a new limit', undefined, limit, true],
  ['another percentage', limit, { ...limit, primary: { ...primary, usedPercent: 41 } }, true],
  ['another length', limit, { ...limit, primary: { ...primary, windowDurationMins: 301 } }, true],
  [
    'a reset time that differs by a minute',
    limit,
    { ...limit, primary: { ...primary, resetsAt: 10_060 } },
    false,
  ],
  [
    'a reset time that differs by more than a minute',
    limit,
    { ...limit, primary: { ...primary, resetsAt: 10_061 } },
    true,
  ],
  ['a reset time that is missing', limit, { ...limit, primary: { ...primary, resetsAt: null } }, true],
  [
    'a reset time of an unused window that differs by 15 minutes',
    { ...limit, primary: unused },
    { ...limit, primary: { ...unused, resetsAt: 10_900 } },
    false,
  ],
  [
    'a reset time of an unused window that differs by more than 15 minutes',
    { ...limit, primary: unused },
    { ...limit, primary: { ...unused, resetsAt: 10_901 } },
    true,
  ],
  ['a new window', limit, { ...limit, secondary: primary }, true],
  ['a missing window', limit, { ...limit, primary: null }, true],
  [
    'another balance',
    limit,
    { ...limit, credits: { hasCredits: true, unlimited: false, balance: '4' } },
    true,
  ],
  ['another type of reached limit', limit, { ...limit, rateLimitReachedType: 'rate_limit_reached' }, true],
] as const)('hasLimitChanged with %s', (_name, before, now, expected) => {
  expect(hasLimitChanged(before, now)).toBe(expected);
});

const read = {
  rateLimits: limit,
  rateLimitsByLimitId: { codex: limit, other: { ...limit, limitId: 'other' } },
  accountId: 'account',
  ordinaryUsageAllowed: true,
  rateLimitResetCredits: { availableCount: 2 },
};

test.each([
  ['no difference', read, false],
  ['another account', { ...read, accountId: null }, true],
  ['another permission', { ...read, ordinaryUsageAllowed: null }, true],
  ['another number of credits', { ...read, rateLimitResetCredits: { availableCount: 1 } }, true],
  ['no number of credits', { ...read, rateLimitResetCredits: null }, false],
  ['a missing limit', { ...read, rateLimitsByLimitId: { codex: limit } }, true],
])('changeSince for a read with %s', (_name, now, hasChanged) => {
  expect(changeSince(read, now)).toMatchObject({ isFirst: false, hasChanged });
});

const unusedLimit = { ...limit, primary: unused };
const drifted = { ...limit, primary: { ...unused, resetsAt: 20_000 } };
const idle = { ...read, rateLimits: unusedLimit, rateLimitsByLimitId: { codex: unusedLimit } };

test.each([
  ['no difference', idle, idle, true],
  [
    'another reset time of an unused window',
    idle,
    { ...idle, rateLimits: drifted, rateLimitsByLimitId: { codex: drifted } },
    true,
  ],
  [
    'another reset time of a used window',
    read,
    { ...read, rateLimits: { ...limit, primary: { ...primary, resetsAt: 20_000 } } },
    false,
  ],
  ['a new window', idle, read, false],
  ['another permission', idle, { ...idle, ordinaryUsageAllowed: null }, false],
  ['no read before it', undefined, idle, false],
])('isQuiet for a read with %s', (_name, before, now, isQuiet) => {
  expect(changeSince(before, now)).toMatchObject({ isQuiet });
});

test('the first read is a change, with all of its limits', () => {
  const { isFirst, hasChanged, limits, settled } = changeSince(undefined, read);
  expect({ isFirst, hasChanged, limits }).toEqual({
    isFirst: true,
    hasChanged: true,
    limits: [limit, { ...limit, limitId: 'other' }],
  });
  expect(settled).toEqual(read);
});

test('a settled read has the changed limits as they are, and the others as they were', () => {
  const wavering = { ...limit, primary: { ...primary, resetsAt: 10_030 } };
  const other = { ...limit, limitId: 'other', primary: { ...primary, usedPercent: 50 } };
  const now = { ...read, rateLimits: wavering, rateLimitsByLimitId: { codex: wavering, other } };
  const { limits, settled } = changeSince(read, now);
  expect(limits).toEqual([other]);
  expect(settled).toEqual({ ...read, rateLimitsByLimitId: { codex: limit, other } });
});
