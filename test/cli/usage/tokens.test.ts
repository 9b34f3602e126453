import { expect, test } from 'vitest';
import { amountText } from '../../../src/cli/usage/tokens/amount.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { type UsageFixture, withUsage } from './fixture.js';

const stats = {
  lifetime_tokens: 12_345_678,
  peak_daily_tokens: 2_000_000,
  longest_running_turn_sec: 4_320,
  current_streak_days: 1,
  longest_streak_days: 12,
  daily_usage_buckets: [
    { start_date: '2025-12-29', tokens: 2_000_000 },
    { start_date: '2025-12-31', tokens: 950 },
    { start_date: '2025-12-30', tokens: 0 },
    { start_date: '2026-01-02', tokens: 1_000_000 },
  ],
};

/** Runs `usage --tokens` with the answer of a backend. */
async function tokensOf(
  reply: object,
  { columns, env = {}, args = [] }: { columns?: number; env?: NodeJS.ProcessEnv; args?: string[] } = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  let result = { exitCode: -1, stdout: '', stderr: '' };
  await withUsage({ clock: createManualClock() }, async ({ start, backend }) => {
    backend.script('profile', reply);
    const size = columns === undefined ? {} : { columns };
    const { exitCode, stdout, stderr } = start(['--tokens', ...args], { ...size, env });
    result = { exitCode: await exitCode, stdout: stdout.text(), stderr: stderr.text() };
  });
  return result;
}

const full = (columns: number): string => '█'.repeat(columns);
const empty = (columns: number): string => '░'.repeat(columns);

test('usage --tokens shows the days as bars, and the totals', async () => {
  expect(await tokensOf({ body: { stats } }, { columns: 100 })).toEqual({
    exitCode: 0,
    stdout: `Mon 29 Dec  ${full(30)}  2 M
Tue 30 Dec  ${empty(30)}    0
Wed 31 Dec  ${full(1)}${empty(29)}  950
Thu 1 Jan   ${empty(30)}    –
Fri 2 Jan   ${full(15)}${empty(15)}  1 M

Lifetime      12.3 M tokens
Peak day      2 M tokens
Streak        1 day, longest 12 days
Longest turn  1 h 12 min

Read 00:00:00, just now
`,
    stderr: '',
  });
});

test.each([100, 60, 40, 20, 12])('usage --tokens fits %i columns', async (columns) => {
  const { exitCode, stdout } = await tokensOf({ body: { stats } }, { columns });
  const lines = stdout.split('\n');
  expect([exitCode, lines.filter((line) => line.length > columns)]).toEqual([0, []]);
  expect(stdout.replace(/\s+/g, '')).toContain('longest12days');
});

test('without UTF-8 it is ASCII', async () => {
  const { stdout } = await tokensOf({ body: { stats } }, { env: { LANG: 'C' } });
  expect(stdout).toMatch(/^Mon 29 Dec {2}#{30} +2 M\n(?:[ -~]*\n)+$/);
  expect(stdout).toMatch(/Thu 1 Jan {3}\.{30} +-\n/);
});

test('at most two weeks are shown, up to the last day with use', async () => {
  const daily_usage_buckets = [
    { start_date: '2020-01-01', tokens: 9 },
    { start_date: '2025-12-20', tokens: 1 },
  ];
  const { stdout } = await tokensOf({ body: { stats: { ...stats, daily_usage_buckets } } });
  const days = stdout.split('\n\n')[0]?.split('\n') ?? [];
  expect([days.length, days[0], days[13]]).toEqual([
    14,
    `Sun 7 Dec   ${empty(30)}  –`,
    `Sat 20 Dec  ${full(30)}  1`,
  ]);
});

test('days that are no dates are shown as they are, in the order of the backend', async () => {
  const daily_usage_buckets = [
    { start_date: '2026-13-45', tokens: 4 },
    { start_date: `\u001b[31m${'long '.repeat(20)}`, tokens: -5 },
    { start_date: '2025-12-20', tokens: 2 },
  ];
  const { stdout } = await tokensOf({ body: { stats: { ...stats, daily_usage_buckets } } });
  expect(stdout.split('\n\n')[0]?.split('\n')).toEqual([
    `${'2026-13-45'.padEnd(20)}  ${full(30)}   4`,
    `${'[31mlong long long long'.slice(0, 20)}  ${empty(30)}  -5`,
    `${'Sat 20 Dec'.padEnd(20)}  ${full(15)}${empty(15)}   2`,
  ]);
});

test('what is not known is called unknown', async () => {
  const { exitCode, stdout } = await tokensOf({ body: { stats: { lifetime_tokens: 7 } } });
  expect([exitCode, stdout.split('\n').slice(0, 4)]).toEqual([
    0,
    [
      'Lifetime      7 tokens',
      'Peak day      unknown',
      'Streak        unknown, longest unknown',
      'Longest turn  unknown',
    ],
  ]);
});

test('an account without any value has a sentence', async () => {
  const { exitCode, stdout } = await tokensOf({ body: { stats: {} } });
  expect([exitCode, stdout.split('\n')[0]]).toEqual([
    0,
    'The backend reports no token activity of this account.',
  ]);
});

test('a backend that knows no activity is a failure with its sentence', async () => {
  expect(await tokensOf({ status: 404, body: {} })).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'The backend has no token activity of this account.\n',
  });
});

const withoutLogin = (act: (fixture: UsageFixture) => Promise<void>): Promise<void> =>
  withUsage({ auth: 'apiKey' }, act);

test('an API key has none: signed out', () =>
  withoutLogin(async ({ run }) => {
    expect(await run('--tokens')).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: 'You are not signed in with ChatGPT. To sign in: codex-account-server login\n',
    });
  }));

test('usage --tokens --json prints the result of the protocol', async () => {
  const { exitCode, stdout } = await tokensOf(
    { body: { stats: { lifetime_tokens: 7, daily_usage_buckets: [{ start_date: 'x', tokens: 1 }] } } },
    { args: ['--json'] },
  );
  const summary = {
    lifetimeTokens: 7,
    peakDailyTokens: null,
    longestRunningTurnSec: null,
    currentStreakDays: null,
    longestStreakDays: null,
  };
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    {
      version: 1,
      readAt: 1_767_225_600,
      usage: { summary, dailyUsageBuckets: [{ startDate: 'x', tokens: 1 }], threadUsage: null },
    },
  ]);
});

test('usage --tokens --json of a failure is that of usage --json', async () => {
  const { exitCode, stdout } = await tokensOf({ status: 404, body: {} }, { args: ['--json'] });
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([
    1,
    { version: 1, failedAt: 1_767_225_600, error: { data: { kind: 'backendStatus', httpStatus: 404 } } },
  ]);
});

test.each([
  ['--format', 'x'],
  ['--watch'],
  ['--max-age', '5'],
  ['--cached'],
  ['--limit', 'codex'],
  ['--left'],
  ['--bar-width', '5'],
])('%s is not for --tokens', (option, ...value) =>
  withUsage({}, async ({ run, backend }) => {
    expect(await run('--tokens', option, ...value)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `codex-account-server usage: --tokens and ${option} exclude each other. See --help.\n`,
    });
    expect(backend.requests).toEqual([]);
  }),
);

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1 k'],
  [99_949, '99.9 k'],
  [99_950, '100 k'],
  [999_499, '999 k'],
  [999_500, '1 M'],
  [12_345_678, '12.3 M'],
  [-1_500_000_000, '-1.5 B'],
  [9_223_372_036_854_775_807, '9 223 372 T'],
])('%d tokens are written as %s', (count, text) => {
  expect(amountText(count).replaceAll('\u00a0', ' ')).toBe(text);
});
