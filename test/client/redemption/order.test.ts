import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';
import { unixTest } from '../../support/unix-test.js';

const dayMs = 24 * 60 * 60 * 1000;
const read = 'account/rateLimits/read';

/** Returns a clock that shows another time than that of the fixture. */
function shiftedClock({ clock }: RedeemFixture): RedeemFixture['clock'] & { shiftMs: number } {
  const shifted = { ...clock, shiftMs: 0, nowMs: () => clock.nowMs() + shifted.shiftMs };
  return shifted;
}

test.each([-3 * dayMs, -1, 0, 1, 3 * dayMs])(
  'a wish is not redeemed twice if the clock moves by %i ms after its read',
  async (shiftMs) => {
    await withRedeemers('at-limit', async (fixture) => {
      const clock = shiftedClock(fixture);
      const client = fixture.newClient({ clock });
      await client.request(read);
      const basedOn = client.lastRead();
      clock.shiftMs = shiftMs;
      await client.redeem({ basedOn });
      clock.shiftMs = 0;
      await expect(client.redeem({ basedOn, force: true })).rejects.toMatchObject({ kind: 'staleRead' });
      expect(fixture.backend.ledger.creditIdByKey.size).toBe(1);
    });
  },
);

test('after a redemption with the clock ahead, a new wish can be redeemed as soon as the clock is right', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const clock = shiftedClock(fixture);
    const client = fixture.newClient({ clock });
    clock.shiftMs = 3 * dayMs;
    await client.redeem();
    clock.shiftMs = 0;
    await client.request(read);
    expect(await client.redeem({ force: true })).toMatchObject({ isRepeated: false });
  });
});

test('a wait that was recorded with the clock ahead ends four hours after the next call', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const aheadMs = fixture.clock.nowMs() + 3 * dayMs;
    const times = { startedAtMs: aheadMs, updatedAtMs: aheadMs, redeemedAtMs: aheadMs };
    fixture.writeJournal([attempt(fixture.clock, { state: 'pending', ...times })]);
    const client = fixture.newClient();
    await client.request(read);
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'pending' });
    expect(fixture.journal()).toMatchObject([{ redeemedAtMs: fixture.clock.nowMs() }]);
    fixture.clock.leap(4 * 60 * 60 * 1000);
    await client.request(read);
    expect(await client.redeem()).toMatchObject({ isRepeated: false });
  });
});

test('a read is stale if the journal was replaced since', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([attempt(fixture.clock, { state: 'noCredit' })]);
    const client = fixture.newClient();
    await client.request(read);
    unlinkSync(fixture.journalPath);
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'staleRead', redemption: null });
    expect(fixture.consumed()).toEqual([]);
  });
});

unixTest('two homes with one login share the journal and the lock', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const home = mkdtempSync(join(tmpdir(), 'account-server-test-'));
    try {
      symlinkSync(join(fixture.codexHome, 'auth.json'), join(home, 'auth.json'));
      symlinkSync(join(fixture.codexHome, 'config.toml'), join(home, 'config.toml'));
      const { PATH } = process.env;
      const env = { PATH, CODEX_HOME: home, HOME: home, ...devEnvironment(fixture.backend.url) };
      const other = fixture.newClient({ env });
      const one = fixture.newClient();
      await Promise.all([one.request(read), other.request(read)]);
      const results = await Promise.allSettled([one.redeem(), other.redeem()]);
      const kinds = results.map((result) =>
        result.status === 'fulfilled'
          ? result.value.redemption.state
          : (result.reason as { kind: string }).kind,
      );
      expect(kinds.toSorted()).toEqual(['staleRead', 'verified']);
      expect(await other.redemptions()).toEqual(await one.redemptions());
      expect(fixture.backend.ledger.creditIdByKey.size).toBe(1);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});

test.each<[what: string, creditId: unknown]>([
  ['is not a string', 5],
  ['is empty', ''],
  ['has half a surrogate pair, which has no UTF-8 form', '\ud800'],
  ['is longer than 1024 bytes', 'é'.repeat(513)],
])('nothing is written or sent for a credit id that %s', async (what, creditId) => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([]);
    await expect(fixture.newClient().redeem({ creditId: creditId as string })).rejects.toMatchObject({
      name: 'RedemptionError',
      kind: 'creditInvalid',
      message: `this is not the id of a credit: it ${what}`,
    });
    expect([fixture.consumed(), fixture.journal()]).toEqual([[], []]);
  });
});

test('entries that cannot be read and are certainly not open are set aside, and the others stay', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const good = attempt(fixture.clock, { state: 'noCredit' });
    const numbered = { ...good, key: 'key-2', creditId: 5, state: 'unclear' };
    const unsendable = { ...good, key: 'key-3', creditId: '\ud800', state: 'sending' };
    const ended = { ...good, key: 'key-4', windows: null, state: 'verified' };
    const { sequence: _, ...old } = good;
    fixture.writeJournal(JSON.stringify({ version: 1, redemptions: [numbered, old, unsendable, ended] }));
    const client = fixture.newClient();
    expect(await client.redemptions()).toEqual([{ ...good, sequence: 2 }]);
    await client.redeem();
    expect(fixture.journalDocument()).toMatchObject({
      version: 3,
      redemptions: [{ key: 'key-1' }, { state: 'verified' }],
      setAside: [numbered, unsendable, ended],
    });
    expect(fixture.consumed()).toHaveLength(1);
  });
});

test('an attempt that another process has ended meanwhile stays as that process has recorded it', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const redeemed = { state: 'redeemed', redeemedAtMs: fixture.clock.nowMs() } as const;
    fixture.backend.script('consume', () => {
      const [open] = fixture.journal();
      fixture.writeJournal([attempt(fixture.clock, { ...open, ...redeemed })]);
      return { status: 422, body: {} };
    });
    const { redemption } = await fixture.newClient().redeem();
    expect(redemption).toMatchObject({ state: 'pending', redeemedAtMs: redeemed.redeemedAtMs });
    expect(fixture.journal()).toEqual([redemption]);
  });
});

unixTest('nothing is sent once the lock file was replaced', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('usage', () => {
      writeFileSync(`${fixture.lockPath}.new`, '');
      renameSync(`${fixture.lockPath}.new`, fixture.lockPath);
      return undefined;
    });
    await expect(fixture.newClient().redeem()).rejects.toMatchObject({ kind: 'lockLost' });
    expect([fixture.consumed(), existsSync(fixture.journalPath)]).toEqual([[], false]);
  });
});

unixTest('an open attempt is found again after auth.json has become a link', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([attempt(fixture.clock, { state: 'unclear' })]);
    const folder = mkdtempSync(join(tmpdir(), 'account-server-test-'));
    try {
      const path = join(fixture.codexHome, 'auth.json');
      renameSync(path, join(folder, 'auth.json'));
      symlinkSync(join(folder, 'auth.json'), path);
      expect(await fixture.newClient().redeem()).toMatchObject({
        isRepeated: true,
        redemption: { key: 'key-1', state: 'verified' },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
