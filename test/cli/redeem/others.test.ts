import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keys, type RedeemCommandFixture, withRedeem } from './fixture.js';

/** Records an open attempt of another user in this CODEX_HOME. */
function leaveOpenForAnother({ home }: RedeemCommandFixture, account: object): void {
  const folder = join(home, 'account-server');
  const times = { startedAtMs: 1, updatedAtMs: 1, redeemedAtMs: null };
  const open = { key: 'key-1', account, creditId: null, state: 'unclear', ...times, windows: [] };
  mkdirSync(folder);
  writeFileSync(join(folder, 'redemptions.json'), JSON.stringify({ version: 1, redemptions: [open] }));
}

const others = [
  { accountId: 'account-other', userId: null },
  { accountId: 'account-dev', userId: 'user-other' },
];

test.each(others)('an open attempt of another user is not reported: %j', (account) =>
  withRedeem({}, async (fixture) => {
    leaveOpenForAnother(fixture, account);
    fixture.backend.script('consume', { status: 400, body: { detail: 'no' } });
    const { exitCode, stderr } = await fixture.run('--yes');
    expect(stderr).toMatch(/^The backend answered with status 400.*\sNo credit was used\.\n$/s);
    expect([exitCode, fixture.states()]).toEqual([1, ['unclear', 'refused']]);
  }),
);

test.each(others)('it does not offer to finish an open attempt of another user: %j', (account) =>
  withRedeem({}, async (fixture) => {
    leaveOpenForAnother(fixture, account);
    const own = fixture.startDialog([], { columns: 80 });
    await own.stdout.until(/confirm/);
    own.type(keys.escape);
    expect(await own.exitCode).toBe(3);
    expect(own.shown()).not.toContain('is open');
  }),
);

test('a retry after another account has signed in leaves the attempt open and says so', () =>
  withRedeem({}, async ({ startDialog, backend, sent, states }) => {
    backend.script('consume', { status: 500, body: {} });
    const own = startDialog(['--credit', 'credit-1'], { columns: 80 });
    await own.stdout.until(/Redeem it now\?\n[^]*No/);
    own.type('y');
    await own.stdout.until(/● Try the same one again[^]*confirm/);
    const count = sent().length;
    backend.script('usage', { body: { account_id: 'account-other', user_id: 'user-dev', plan_type: 'pro' } });
    own.type(keys.enter);
    expect([await own.exitCode, sent().length, states()]).toEqual([4, count, ['unclear']]);
    expect(own.shown().replace(/\s+/g, ' ')).toMatch(
      /└ The signed-in account has changed\. The attempt of \d\d:\d\d is open: .* $/,
    );
  }));
