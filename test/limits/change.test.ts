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
  ['the same', limit, limit, false],
  ['one that was not there', undefined, limit, true],
  ['a percentage', limit, { ...limit, primary: { ...primary, usedPercent: 41 } }, true],
  ['a length', limit, { ...limit, primary: { ...primary, windowDurationMins: 301 } }, true],
  ['a reset time that wavers', limit, { ...limit, primary: { ...primary, resetsAt: 10_060 } }, false],
  ['a reset time that moves', limit, { ...limit, primary: { ...primary, resetsAt: 10_061 } }, true],
  ['a reset time that is gone', limit, { ...limit, primary: { ...primary, resetsAt: null } }, true],
  [
    'one that moves along unused',
    { ...limit, primary: unused },
    { ...limit, primary: { ...unused, resetsAt: 10_900 } },
    false,
  ],
  [
    'one that has moved along far',
    { ...limit, primary: unused },
    { ...limit, primary: { ...unused, resetsAt: 10_901 } },
    true,
  ],
  ['a window that begins', limit, { ...limit, secondary: primary }, true],
  ['a window that is gone', limit, { ...limit, primary: null }, true],
  ['a balance', limit, { ...limit, credits: { hasCredits: true, unlimited: false, balance: '4' } }, true],
  ['what is reached', limit, { ...limit, rateLimitReachedType: 'rate_limit_reached' }, true],
] as const)('%s', (_name, before, now, expected) => {
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
  ['the same', read, false],
  ['another account', { ...read, accountId: null }, true],
  ['another permission', { ...read, ordinaryUsageAllowed: null }, true],
  ['another number of credits', { ...read, rateLimitResetCredits: { availableCount: 1 } }, true],
  ['no number of credits', { ...read, rateLimitResetCredits: null }, false],
  ['a limit that is gone', { ...read, rateLimitsByLimitId: { codex: limit } }, true],
])('a read with %s', (_name, now, hasChanged) => {
  expect(changeSince(read, now)).toMatchObject({ isFirst: false, hasChanged });
});

const unusedLimit = { ...limit, primary: unused };
const drifted = { ...limit, primary: { ...unused, resetsAt: 20_000 } };
const idle = { ...read, rateLimits: unusedLimit, rateLimitsByLimitId: { codex: unusedLimit } };

test.each([
  ['the same', idle, idle, true],
  [
    'a reset time that moves along unused',
    idle,
    { ...idle, rateLimits: drifted, rateLimitsByLimitId: { codex: drifted } },
    true,
  ],
  [
    'a reset time that moves',
    read,
    { ...read, rateLimits: { ...limit, primary: { ...primary, resetsAt: 20_000 } } },
    false,
  ],
  ['a window that begins', idle, read, false],
  ['another permission', idle, { ...idle, ordinaryUsageAllowed: null }, false],
  ['nothing before it', undefined, idle, false],
])('a read with %s is quiet: %#', (_name, before, now, isQuiet) => {
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
