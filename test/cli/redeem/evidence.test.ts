import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/snapshot/log-entry.js';
import { appendToLog } from '../../../src/snapshot/limits-log.js';
import { withRedeem } from './fixture.js';
import { hourMs, oldEnd, redeemWeek, withHistory, withoutOwnTime } from './history-fixture.js';

/** Replaces each time by its distance from the start, in seconds. */
function relative(text: string, startSecs: number): string {
  return text.replace(
    /\d{4}-\d\d-\d\dT[\d:]+Z/g,
    (time) => `+${withoutOwnTime(Date.parse(time) / 1000 - startSecs)}`,
  );
}

test('redeem --evidence shows the attempt and the changes around it, without account and key', () =>
  withHistory(async (history) => {
    const { usageAt, show, run, startSecs, journal } = history;
    await redeemWeek(history);
    await usageAt(hourMs / 2);
    await usageAt(2 * hourMs);
    show(74, oldEnd);
    await usageAt(5.6 * hourMs);
    const { exitCode, stdout, stderr } = await run('--evidence');
    expect([exitCode, stderr, relative(stdout, startSecs)]).toEqual([
      0,
      '',
      `Reset credit: chosen by the backend
State: reverted since +20160
Sent: +60
Confirmed: +60

Windows before and after:
  week: 74 %, resets +300000 → 0 %, resets +604860 (verified)

Windows from before that were back at +20160:
  week: 74 %, resets +300000

Changes from a day before it on:
  +0  week: ? → 74 %
  +0  reset credits: ? → 2
  +0  week: 74 % → 0 %, resets +300000 → +604860 (early)
  +1800  week: 0 % → 16 %
  +20160  week: 16 % → 74 %, resets +605400 → +300000 (back)

codex-account-server 0.2.0, +20160. Times are in UTC. The account is left out.
`,
    ]);
    const json = (await run('--evidence', '1', '--json')).stdout;
    expect(JSON.parse(json)).toMatchObject({
      version: 1,
      redemption: { state: 'reverted' },
      hasMoreChanges: false,
    });
    for (const text of [stdout, json]) {
      for (const hidden of ['account-dev', 'user-dev', journal()[0]?.key ?? '?', '@']) {
        expect(text).not.toContain(hidden);
      }
    }
  }));

test('--evidence takes the number of an attempt, and exits with 3 if there is no such one', () =>
  withRedeem({}, async ({ run }) => {
    expect(await run('--evidence')).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'No redemption is recorded in this CODEX_HOME.\n',
    });
    await run('--yes', '--credit', 'credit-1');
    await run('--yes', '--credit', 'credit-2', '--force');
    expect((await run('--evidence', '2')).stdout).toContain('Reset credit: credit-1\n');
    expect((await run('--evidence=2')).stdout).toContain('Reset credit: credit-1\n');
    expect((await run('--evidence')).stdout).toContain('Reset credit: credit-2\n');
    expect(await run('--evidence', '3')).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'No redemption 3 is recorded in this CODEX_HOME; the oldest is 2.\n',
    });
    expect(await run('--evidence', '0')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await run('--evidence', '--yes')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--evidence takes no other option than --json') as string,
    });
  }));

test('of more than 200 changes those of nothing but use are left out', () =>
  withHistory(async (history) => {
    const { usageAt, show, run, home, startSecs } = history;
    await redeemWeek(history);
    const used = (count: number): LogEntry => ({
      ...{ at: startSecs + count, accountId: 'account-dev', userId: 'user-dev', source: 'test' },
      ...{ kind: 'window', limitId: 'codex', windowDurationMins: 10_080, move: 'used', movedWithoutUs: null },
      before: { usedPercent: count, resetsAt: startSecs },
      after: { usedPercent: count + 1, resetsAt: startSecs },
    });
    appendToLog(
      join(home, 'account-server'),
      Array.from({ length: 300 }, (_, count) => used(count)),
    );
    show(74, oldEnd);
    await usageAt(hourMs);
    const { stdout } = await run('--evidence');
    expect(stdout).toMatch(/\(back\)\n {2}\(changes of nothing but use are left out\)\n/);
    expect(stdout.match(/week: \d+ % → /g)).toHaveLength(2);
  }));
