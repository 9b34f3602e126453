import { expect, test } from 'vitest';
import { hasLimitChanged } from '../../src/domain/limit-change.js';
import type { RateLimitSnapshot } from '../../src/protocol/rate-limits.js';

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
