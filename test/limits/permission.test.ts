import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type PermissionRead, usagePermission } from '../../src/limits/permission.js';

// The decision is compared with the table on the page of the commands, for every combination of the facts.

const nowMs = 1_000_000;
const [past, soon, late] = [999, 2_000, 3_000];

const spendLimits = {
  'not reached': {},
  reached: { spendControlReached: true, individualLimit: { resetsAt: soon } },
  'reached, with an unreadable limit': { spendControlReached: true },
  'reached by its type': { rateLimitReachedType: 'workspace_member_usage_limit_reached' },
  'reached by the type for owners': { rateLimitReachedType: 'workspace_owner_usage_limit_reached' },
  ended: { spendControlReached: true, individualLimit: { resetsAt: past } },
} as const;

const workspaces = {
  'not depleted': {},
  'depleted, seen by the owner': { rateLimitReachedType: 'workspace_owner_credits_depleted' },
  'depleted, seen by a member': { rateLimitReachedType: 'workspace_member_credits_depleted' },
} as const;

const window = (usedPercent: number, resetsAt: number | null, windowDurationMins: number | null = 300) => ({
  ...{ usedPercent, resetsAt, windowDurationMins },
});

const windows = {
  none: {},
  below: { primary: window(99, soon), secondary: window(-5, null) },
  full: { primary: window(40, past), secondary: window(100, late, 10_080) },
  'full, two of them': { primary: window(300, late, 10_080), secondary: window(100, soon) },
  ended: { primary: window(100, past), secondary: window(12, late, 10_080) },
} as const;

const funds = {
  no: { credits: { hasCredits: false, unlimited: false } },
  'no word on them': {},
  'yes: credits': { credits: { hasCredits: true, unlimited: false } },
  'yes: unlimited': { credits: { hasCredits: false, unlimited: true } },
  'yes: a budget': { individualLimit: { resetsAt: late }, spendControlReached: false },
} as const;

const nothing: PermissionRead['rateLimits'] = {
  primary: null,
  secondary: null,
  rateLimitReachedType: null,
  spendControlReached: null,
  individualLimit: null,
  credits: null,
};

const cases = Object.entries(spendLimits).flatMap(([spend, spendValues]) =>
  Object.entries(workspaces).flatMap(([workspace, workspaceValues]) =>
    [true, false, null].flatMap((ordinaryUsageAllowed) =>
      Object.entries(windows).flatMap(([slots, slotValues]) =>
        Object.entries(funds).map(([fund, fundValues]) => ({
          facts: [spend, workspace, `${ordinaryUsageAllowed}`, slots, fund],
          read: {
            ordinaryUsageAllowed,
            rateLimits: { ...nothing, ...fundValues, ...spendValues, ...workspaceValues, ...slotValues },
          },
        })),
      ),
    ),
  ),
);

const [, table = ''] =
  /^## Whether use is allowed\n.*?\n(\| spend limit .*?)\n\n/ms.exec(
    readFileSync('src/cli/usage/README.md', 'utf8'),
  ) ?? [];

/** The cells of each row. */
const rows = table
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

function rowFor(facts: readonly string[]): string[] | undefined {
  return rows.find((row) => facts.every((fact, column) => fact.startsWith(row[column] ?? '?')));
}

test('the table of the page holds for every account, and each of its rows is needed', () => {
  const used = new Set<unknown>();
  for (const { facts, read } of cases) {
    // A later type would hide an earlier one.
    if (facts[0]?.includes('type') && !facts[1]?.startsWith('not')) continue;
    const row = rowFor(facts);
    used.add(row);
    const { permission, block } = usagePermission(read, nowMs);
    const because = block ? (block.limit ?? 'not named') : '';
    expect([facts, permission, because]).toEqual([facts, row?.[5], row?.[6]]);
  }
  expect([used.size, rows.length]).toEqual([10, 10]);
});

test.each([
  ['the reset of the spend limit', { ...spendLimits.reached, ...windows.full }, ['spendLimit', null, soon]],
  ['no known time without a readable spend limit', { spendControlReached: true }, ['spendLimit', null, null]],
  [
    'no known time for the workspace',
    workspaces['depleted, seen by a member'],
    ['workspaceCredits', null, null],
  ],
  ['the reset of the last full window', windows['full, two of them'], ['rateLimit', 10_080, late]],
  [
    'a full window without a reset time',
    { ...windows.full, primary: window(100, null) },
    ['rateLimit', 300, null],
  ],
  [
    'a limit that only the type names',
    { rateLimitReachedType: 'rate_limit_reached' },
    ['rateLimit', null, null],
  ],
])('a block lasts until %s', (_until, values, [limit, windowDurationMins, until]) => {
  const read = { ordinaryUsageAllowed: false, rateLimits: { ...nothing, ...values } };
  expect(usagePermission(read, nowMs)).toEqual({
    permission: 'blocked',
    block: { limit, windowDurationMins, until },
  });
});

test('a block ends in the second of its reset', () => {
  const read = { ordinaryUsageAllowed: false, rateLimits: { ...nothing, primary: window(100, soon) } };
  const at = (ms: number) => usagePermission(read, ms).permission;
  expect([at(soon * 1000 - 1), at(soon * 1000)]).toEqual(['blocked', 'unknown']);
});

test('a budget that is neither reached nor said not to be allows nothing', () => {
  const read = {
    ordinaryUsageAllowed: null,
    rateLimits: { ...nothing, individualLimit: { resetsAt: late }, spendControlReached: null },
  };
  expect(usagePermission(read, nowMs)).toEqual({ permission: 'unknown', block: null });
});
