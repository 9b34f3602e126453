import { expect, test } from 'vitest';
import { type ResetDecision, resetWarnings, resetWouldHelp } from '../../src/limits/reset-warnings.js';

const nowMs = 1_000_000_000;
const inMins = (minutes: number): number => nowMs / 1000 + minutes * 60;
const window = (usedPercent: number | null, minutes: number | null) => ({
  usedPercent,
  resetsAt: minutes === null ? null : inMins(minutes),
});
const block = (limit: 'spendLimit' | 'workspaceCredits' | 'rateLimit' | null, minutes: number | null) => ({
  limit,
  windowDurationMins: null,
  until: minutes === null ? null : inMins(minutes),
});
const allowed = { permission: 'allowed', block: null } as const;
const unknown = { permission: 'unknown', block: null } as const;
const blocked = (...args: Parameters<typeof block>) =>
  ({ permission: 'blocked', block: block(...args) }) as const;

test.each<[string, ResetDecision, readonly object[]]>([
  [
    'a spend limit blocks',
    { ...blocked('spendLimit', 90), windows: [window(100, 300)] },
    [{ kind: 'otherBlock', limit: 'spendLimit', until: inMins(90) }],
  ],
  [
    'the workspace has no credits',
    { ...blocked('workspaceCredits', null), windows: [window(0, 300)] },
    [{ kind: 'otherBlock', limit: 'workspaceCredits', until: null }],
  ],
  ['nothing is used', { ...allowed, windows: [window(0, 300), window(-1, 900)] }, [{ kind: 'nothingUsed' }]],
  ['nothing is used, use is not known to be allowed', { ...unknown, windows: [window(0, 300)] }, []],
  ['there is no window', { ...allowed, windows: [] }, []],
  [
    'the block ends in 30 minutes',
    { ...blocked('rateLimit', 30), windows: [window(100, 30), window(80, 5000)] },
    [{ kind: 'resetsSoon', isBlocked: true, resetsAt: inMins(30) }],
  ],
  ['the block ends in 31 minutes', { ...blocked('rateLimit', 31), windows: [window(100, 31)] }, []],
  ['the end of the block is not known', { ...blocked('rateLimit', null), windows: [window(90, 5)] }, []],
  [
    'what is used resets in 20 minutes',
    { ...allowed, windows: [window(80, 20), window(0, 5000)] },
    [{ kind: 'resetsSoon', isBlocked: false, resetsAt: inMins(20) }],
  ],
  ['another used window resets later', { ...allowed, windows: [window(80, 20), window(1, 5000)] }, []],
  ['the use of a window is not known', { ...allowed, windows: [window(80, 20), window(null, -1)] }, []],
  ['the reset time is not known', { ...allowed, windows: [window(80, null)] }, []],
])('warnings: %s', (_name, decision, warnings) => {
  expect(resetWarnings(decision, nowMs)).toEqual(warnings);
});

const blocking: ResetDecision = { ...blocked('rateLimit', 120), windows: [window(100, 120)] };

test.each<[string, ResetDecision, number | null, boolean | null]>([
  ['a window blocks for long', blocking, 1, true],
  ['there is no credit', blocking, 0, false],
  ['the number of credits is not known', blocking, null, null],
  ['a window blocks until soon', { ...blocked('rateLimit', 20), windows: [window(100, 20)] }, 1, false],
  ['a spend limit blocks', { ...blocked('spendLimit', 120), windows: [window(100, 120)] }, null, false],
  ['the cause is not known', { ...blocked(null, null), windows: [window(100, 120)] }, 1, null],
  ['use is allowed', { ...allowed, windows: [window(99, 120)] }, null, false],
  ['it is not known whether use is allowed', { ...unknown, windows: [window(99, 120)] }, 1, null],
])('whether a reset credit helps: %s', (_name, decision, count, helps) => {
  expect(resetWouldHelp(decision, count, nowMs)).toBe(helps);
});
