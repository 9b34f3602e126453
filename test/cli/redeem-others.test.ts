import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keys, type RedeemBench, withRedeem } from '../support/redeem-bench.js';

/** An attempt of somebody else with this CODEX_HOME, whose end nobody has seen. */
function leaveOpenForAnother({ home }: RedeemBench, account: object): void {
  const folder = join(home, 'account-server');
  const times = { startedAtMs: 1, updatedAtMs: 1, redeemedAtMs: null };
  const open = { key: 'key-1', account, creditId: null, state: 'unclear', ...times, windows: [] };
  mkdirSync(folder);
  writeFileSync(join(folder, 'redemptions.json'), JSON.stringify({ version: 1, redemptions: [open] }));
}

const others = [
  [{ accountId: 'account-other', userId: null }],
  [{ accountId: 'account-dev', userId: 'user-other' }],
];

test.each(others)('an attempt that is open for somebody else is not told as ours: %j', (account) =>
  withRedeem({}, async (bench) => {
    leaveOpenForAnother(bench, account);
    bench.backend.script('consume', { status: 400, body: { detail: 'no' } });
    const { exitCode, stderr } = await bench.run('--yes');
    expect(stderr).toMatch(/^The backend answered with status 400.*\sNo credit was used\.\n$/s);
    expect([exitCode, bench.states()]).toEqual([1, ['unclear', 'refused']]);
  }),
);

test.each(others)('nor is it offered to be finished: %j', (account) =>
  withRedeem({}, async (bench) => {
    leaveOpenForAnother(bench, account);
    const own = bench.talk([], { columns: 80 });
    await own.stdout.until(/confirm/);
    own.type(keys.escape);
    expect(await own.exitCode).toBe(3);
    expect(own.shown()).not.toContain('is open');
  }),
);
