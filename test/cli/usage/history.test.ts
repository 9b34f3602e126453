import { expect, test } from 'vitest';
import { historyView } from '../../../src/cli/usage/history/view.js';
import type { UsageHistory } from '../../../src/protocol/schema/reports/usage-history.js';
import { hourMs, oldEnd, redeemWeek, withHistory } from '../redeem/history-fixture.js';
import { withUsage } from './fixture.js';

const startSecs = Date.parse('2026-01-01T00:00:00Z') / 1000;
const daySecs = 86_400;

/** A change of the week: its use and its boundary, in days after the start. */
function week(
  day: number,
  before: readonly [number, number] | null,
  after: readonly [number, number],
  move: 'used' | 'ended' | 'early' | 'back' | null = 'used',
  movedWithoutUs: boolean | null = null,
): UsageHistory['changes'][number] {
  const use = (usedPercent: number, end: number) => ({ usedPercent, resetsAt: startSecs + end * daySecs });
  return {
    at: startSecs + day * daySecs,
    source: 'test',
    kind: 'window',
    limitId: 'codex',
    windowDurationMins: 10_080,
    before: before && use(...before),
    after: use(...after),
    move,
    movedWithoutUs,
  };
}

const history: UsageHistory = {
  version: 1,
  accountId: 'account-dev',
  changes: [
    week(0, null, [10, 5], null),
    week(1, [10, 5], [30, 5]),
    week(2, [30, 5], [60, 5]),
    week(3, [60, 5], [100, 5]),
    week(4, [100, 5], [0, 11], 'early', false),
    week(4.5, [0, 11], [16, 11]),
    week(5, [16, 11], [100, 5], 'back'),
    {
      at: startSecs + 5 * daySecs,
      source: 'test',
      kind: 'resetCredits',
      before: { availableCount: 2 },
      after: { availableCount: 1 },
      added: [],
      removed: [],
    },
    week(6, [100, 5], [2, 12], 'ended'),
    week(7, [2, 12], [0, 14], 'early', true),
  ],
  redemptions: [
    {
      startedAt: startSecs + 4 * daySecs - 60,
      redeemedAt: startSecs + 4 * daySecs - 50,
      state: 'reverted',
      creditId: null,
    },
  ],
  skippedLines: 0,
};

const shownAt = (columns: number, hasUnicode: boolean): string =>
  historyView(history, {
    nowMs: (startSecs + 8 * daySecs) * 1000,
    textStyle: { columns, hasUnicode, hasColour: false, timeZone: 'UTC', locale: 'en-GB' },
  }).join('\n');

test('a chart has the use over time, and resets and redemptions are marked', () => {
  expect(shownAt(60, true)).toMatchInlineSnapshot(`
    "week, 0 % at the last change, Thu 8 Jan, 00:00
      ▂▂▂▂▂▂▂▃▃▃▃▃▃▃▅▅▅▅▅▅▅█████████▁▁▂▂▂▂█      ▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁
                                   C      !      r      e
      Thu 1 Jan, 00:00                                       now

    ! an earlier window came back, C reset by a redemption, e
    started again early, r ended

    Thu 8 Jan, 00:00  week: 2 % → 0 %, started again early,
      without a redemption of this CODEX_HOME
    Wed 7 Jan, 00:00  week: 100 % → 2 %, ended
    Tue 6 Jan, 00:00  reset credits: 2 → 1
    Tue 6 Jan, 00:00  week: 16 % → 100 %, an earlier window
      came back
    Mon 5 Jan, 00:00  week: 100 % → 0 %, started again early,
      after a redemption
    Sun 4 Jan, 23:59  redemption of this CODEX_HOME (reverted)"
  `);
});

test('a chart of 40 columns in ASCII has the tens of the percentages', () => {
  expect(shownAt(40, false)).toMatchInlineSnapshot(`
    "week, 0 % at the last change, Thu 8 Jan,
    00:00
      11113333366666######011#    0000000000
                         C   !    r    e
      Thu 1 Jan, 00:00                   now

    ! an earlier window came back, C reset
    by a redemption, e started again early,
    r ended

    Thu 8 Jan, 00:00  week: 2 % -> 0 %,
      started again early, without a
      redemption of this CODEX_HOME
    Wed 7 Jan, 00:00  week: 100 % -> 2 %,
      ended
    Tue 6 Jan, 00:00  reset credits: 2 -> 1
    Tue 6 Jan, 00:00  week: 16 % -> 100 %,
      an earlier window came back
    Mon 5 Jan, 00:00  week: 100 % -> 0 %,
      started again early, after a
      redemption
    Sun 4 Jan, 23:59  redemption of this
      CODEX_HOME (reverted)"
  `);
});

test.each([40, 60, 100, 250])(
  'no line has more columns than the terminal, nor a chart more than 100: %i',
  (columns) => {
    const widest = Math.max(
      ...shownAt(columns, true)
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(Math.min(columns, 100));
  },
);

test('usage --history sends nothing, and says so if nothing is recorded', () =>
  withUsage({}, async ({ run, backend }) => {
    expect(await run('--history')).toEqual({
      exitCode: 0,
      stdout:
        'No change of the limits of this login is recorded yet. Each usage records what\nhas changed.\n',
      stderr: '',
    });
    expect(backend.requests).toEqual([]);
    await run();
    const requests = backend.requests.length;
    expect((await run('--history')).stdout).toMatch(/^5 hours, 0 % at the last change, \d\d:\d\d\n/);
    expect(backend.requests).toHaveLength(requests);
  }));

test('--history --json has the changes and the redemptions of the account', () =>
  withHistory(async (fixture) => {
    await redeemWeek(fixture);
    await fixture.usageAt(hourMs);
    const text = await fixture.usage(['--history', '--json']);
    const { changes, ...rest } = JSON.parse(text) as UsageHistory;
    const at = fixture.startSecs;
    expect(rest).toEqual({
      version: 1,
      accountId: 'account-dev',
      redemptions: [{ startedAt: at + 60, redeemedAt: at + 60, state: 'verified', creditId: null }],
      skippedLines: 0,
    });
    expect(changes[0]).toEqual({
      at,
      source: 'codex-account-server',
      kind: 'window',
      limitId: 'codex',
      windowDurationMins: 10_080,
      before: null,
      after: { usedPercent: 74, resetsAt: at + oldEnd },
      move: null,
      movedWithoutUs: null,
    });
    expect(changes.map(({ kind }) => kind)).toEqual(['window', 'resetCredits', 'window', 'window']);
  }));

test('--history takes no other option than --json', () =>
  withUsage({}, async ({ run }) => {
    const { exitCode, stderr } = await run('--history', '--watch');
    expect([exitCode, stderr.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining('--history takes no other option than --json'),
    ]);
  }));
