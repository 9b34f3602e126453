import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdForeignLock } from '../../support/files/foreign-lock.js';
import { hourMs, oldEnd, redeemWeek, weekSecs, withHistory } from './history-fixture.js';

test('an old pair of use and boundary that is back after 5.6 hours is reverted, with the figures', () =>
  withHistory(async (history) => {
    const { usageAt, show, states, journal, logged, startSecs, sent } = history;
    await redeemWeek(history);
    expect(states()).toEqual(['verified']);
    await usageAt(hourMs / 2);
    await usageAt(2 * hourMs);
    expect(states()).toEqual(['settled']);
    show(74, oldEnd);
    await usageAt(5.6 * hourMs);
    const [attempt] = journal();
    expect(attempt).toMatchObject({
      state: 'reverted',
      windows: [
        {
          usedPercent: 74,
          resetsAt: startSecs + oldEnd,
          verdict: 'verified',
          after: { usedPercent: 0, resetsAt: startSecs + weekSecs + 60 },
        },
      ],
      reversal: {
        atMs: startSecs * 1000 + 5.6 * hourMs,
        windows: [
          {
            slot: 'primary',
            windowDurationMins: 10_080,
            usedPercent: 74,
            resetsAt: startSecs + oldEnd,
          },
        ],
      },
    });
    expect(logged()).toEqual([
      [0, null, [74, oldEnd], null, null],
      [0, [74, oldEnd], [0, weekSecs + 60], 'early', false],
      [1_800, [0, weekSecs + 60], [16, weekSecs + 600], 'used', null],
      [20_160, [16, weekSecs + 600], [74, oldEnd], 'back', null],
    ]);
    expect(sent()).toHaveLength(1);
  }));

test('a reset that moves the windows after four hours is pending until then, and settled an hour later', () =>
  withHistory(async ({ show, usageAt, backend, run, states, logged, passUntil }) => {
    show(100, oldEnd);
    await usageAt(0);
    backend.script('consume', { body: { code: 'reset', windows_reset: 1 } });
    await run('--yes');
    await usageAt(hourMs);
    await usageAt(3.9 * hourMs);
    expect(states()).toEqual(['pending']);
    show(0, weekSecs + 4.1 * 3_600);
    await usageAt(4.1 * hourMs);
    expect(states()).toEqual(['verified']);
    await usageAt(4.6 * hourMs);
    await usageAt(5.2 * hourMs);
    expect(states()).toEqual(['settled']);
    passUntil(6 * hourMs);
    expect(logged().at(-1)).toEqual([14_760, [100, oldEnd], [0, weekSecs + 14_760], 'early', false]);
  }));

test('a window that starts again without a redemption is recorded as moved without us', () =>
  withHistory(async ({ show, usageAt, logged }) => {
    show(60, oldEnd);
    await usageAt(0);
    show(2, weekSecs + 3_000);
    await usageAt(hourMs);
    // The end of a window is nothing special.
    show(1, 2 * weekSecs + 3_000);
    await usageAt((weekSecs + 3_100) * 1000);
    expect(logged().slice(1)).toEqual([
      [3_600, [60, oldEnd], [2, weekSecs + 3_000], 'early', true],
      [weekSecs + 3_100, [2, weekSecs + 3_000], [1, 2 * weekSecs + 3_000], 'ended', null],
    ]);
  }));

test('with a broken journal it is not known what has moved a window, and the read succeeds', () =>
  withHistory(async ({ show, usageAt, logged, home }) => {
    show(60, oldEnd);
    await usageAt(0);
    writeFileSync(join(home, 'account-server/redemptions.json'), 'no JSON');
    show(2, weekSecs + 3_000);
    await usageAt(hourMs);
    expect(logged().at(-1)).toEqual([3_600, [60, oldEnd], [2, weekSecs + 3_000], 'early', null]);
    expect(readFileSync(join(home, 'account-server/redemptions.json'), 'utf8')).toBe('no JSON');
  }));

test('nothing is looked at while another process redeems, and the next read looks again', () =>
  withHistory(async (history) => {
    const { usageAt, show, states, home } = history;
    await redeemWeek(history);
    show(74, oldEnd);
    const lock = await holdForeignLock(join(home, 'account-server/redemptions.lock'));
    await usageAt(hourMs);
    expect(states()).toEqual(['verified']);
    await lock.release();
    await usageAt(2 * hourMs);
    expect(states()).toEqual(['reverted']);
  }));

test('redeem says that the last redemption was undone; --yes needs --force, and a new credit a new key', () =>
  withHistory(async (history) => {
    const { usageAt, show, run, startDialog, sent, states, backend } = history;
    await redeemWeek(history);
    await usageAt(0.5 * hourMs);
    // No stored read has seen it yet: that of redeem is enough.
    show(100, oldEnd);
    history.passUntil(5.6 * hourMs);
    const undone =
      /The redemption of .* was undone: what it had reset is back as it was before \(week, at 100 %\)\./;
    const refused = await run('--yes');
    expect([refused.exitCode, sent().length]).toEqual([3, 1]);
    expect(refused.stderr.replaceAll('\n', ' ')).toMatch(undone);
    const dialog = startDialog([], { columns: 200 });
    await dialog.stdout.until(/Reset credits: \d\n[^]*confirm/);
    expect(dialog.shown()).toMatch(undone);
    dialog.type('\u0003');
    await dialog.exitCode;
    backend.script('consume', { body: { code: 'reset', windows_reset: 1 } });
    await run('--yes', '--force');
    expect(new Set(sent().map(({ redeem_request_id }) => redeem_request_id)).size).toBe(2);
    expect(states()).toEqual(['reverted', 'pending']);
  }));
