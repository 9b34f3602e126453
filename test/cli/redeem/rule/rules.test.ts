import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keys } from '../fixture.js';
import { blockedText, withRule, writeConsents } from './fixture.js';

test('on a terminal it says in words what it will do, and records the consent', () =>
  withRule({}, async ({ startDialog, consents }) => {
    const own = startDialog(['--when', 'blocked'], { columns: 100 });
    await own.stdout.until(/Do you agree\?\n[^]*No/);
    expect(own.shown().replace(/│|\n/g, ' ').replace(/ +/g, ' ')).toContain(
      'This will redeem reset credits of this account by itself, without asking, when the rate limit blocks use. Each time it uses the credit that expires first. Credits that always stay: 1. It redeems only if the windows would not reset by themselves within 2 h 0 min. At most 1 within 1 d 0 h, those that you redeem yourself too. It does so for as long as this command runs, and whenever it is started again with this rule.',
    );
    own.type('y');
    await own.stdout.until(/credit-2/);
    own.stop();
    expect([await own.exitCode, consents()]).toMatchObject([
      0,
      [{ id: 1, rule: blockedText, source: 'terminal', revokedAtMs: null }],
    ]);
  }));

test('nothing is recorded or redeemed without the consent', () =>
  withRule({}, async ({ startDialog, home, sent }) => {
    const own = startDialog(['--when', 'blocked'], { columns: 80 });
    await own.stdout.until(/Do you agree\?\n[^]*No/);
    own.type(keys.enter);
    expect([await own.exitCode, sent()]).toEqual([3, []]);
    expect(existsSync(join(home, 'account-server/redemptions.json'))).toBe(false);
  }));

test('--dry-run says what it would do and why, and writes nothing', () =>
  withRule({}, async ({ run, home, sent }) => {
    const { exitCode, stdout } = await run('--when', 'blocked', '--dry-run');
    expect([exitCode, sent(), existsSync(join(home, 'account-server'))]).toEqual([3, [], false]);
    expect(stdout.replace(/(?:\d+ \w+ ?)+(?=;)/, '<time>')).toBe(`Rule: ${blockedText}
no   You have not agreed to this rule. Without --dry-run it asks first.
yes  Use is blocked.
yes  The rate limit blocks use.
yes  Nothing says that a reset would not help.
yes  The windows that it is for reset by themselves in <time>; 2 h 0 min are
     asked for.
yes  Reset credits: 2, of which 1 always stay.
yes  The credit is credit-2.
yes  No attempt is open.
yes  No attempt was made for the windows that it is for.
yes  Attempts within 1d that used a credit, or may have: 0; at most 1.
It would redeem nothing now.
`);
  }));

test('--dry-run exits with 0 if it would redeem now', () =>
  withRule({}, async ({ run, home, sent }) => {
    mkdirSync(join(home, 'account-server'));
    writeConsents({ home }, [{}]);
    const { exitCode, stdout } = await run('--when', 'blocked', '--dry-run', '--json');
    expect([exitCode, sent()]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toMatchObject({ rule: blockedText, wouldRedeem: true, creditId: 'credit-2' });
  }));

test('--rules lists the newest first, and --revoke ends one', () =>
  withRule({}, async ({ run, home, consents }) => {
    mkdirSync(join(home, 'account-server'));
    writeConsents({ home }, [
      {},
      { id: 2, rule: 'tightest:3 keep=0 min-gain=1h at-most=1/7d', source: 'option' },
    ]);
    const shown = await run('--rules');
    expect(shown).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `2  tightest:3 keep=0 min-gain=1h at-most=1/7d
   in force; agreed to Thu, 1 Jan 1970, 00:00 with --consent, account
   account-dev
1  ${blockedText}
   in force; agreed to Thu, 1 Jan 1970, 00:00, account account-dev
`,
    });
    expect((await run('--revoke', '2')).exitCode).toBe(0);
    expect(consents().map(({ revokedAtMs }) => revokedAtMs === null)).toEqual([true, false]);
    expect(await run('--revoke', '2')).toEqual({
      exitCode: 3,
      stdout: 'No rule with the number 2 is in force.\n',
      stderr: '',
    });
  }));

test('--revoke alone ends all of them', () =>
  withRule({}, async ({ run, home, consents }) => {
    mkdirSync(join(home, 'account-server'));
    writeConsents({ home }, [{}, { id: 2, rule: 'blocked keep=0 min-gain=2h at-most=1/1d' }]);
    expect((await run('--revoke')).exitCode).toBe(0);
    expect(consents().filter(({ revokedAtMs }) => revokedAtMs === null)).toEqual([]);
    expect((await run('--revoke')).exitCode).toBe(3);
  }));

test('a consent that cannot be read permits nothing', () =>
  withRule({}, async ({ run, home }) => {
    mkdirSync(join(home, 'account-server'));
    writeConsents({ home }, [{ account: { accountId: 'account-dev', userId: null } }]);
    expect((await run('--rules')).stdout).toBe('No rule was agreed to in this CODEX_HOME.\n');
    expect((await run('--when', 'blocked')).exitCode).toBe(2);
  }));
