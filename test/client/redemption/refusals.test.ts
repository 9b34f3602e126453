import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { holdForeignLock } from '../../support/files/foreign-lock.js';
import { attempt, withRedeemers } from './fixture.js';
import { withStandIn } from '../connection/stand-in-fixture.js';
import { unixTest } from '../../support/unix-test.js';

const read = 'account/rateLimits/read';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets each lock fail as on a drive without locks. Returns the variables that do so on Linux. */
function withoutLocks(folder: string): Record<string, string> {
  if (process.platform === 'win32') {
    // libuv's name for ERROR_INVALID_FUNCTION.
    const tryLock = (): void => {
      throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    };
    vi.spyOn(process, 'dlopen').mockImplementation((loaded) => {
      (loaded as { exports: object }).exports = { tryLock };
    });
    return {};
  }
  writeFileSync(join(folder, 'flock'), '#!/bin/sh\nexit 65\n', { mode: 0o755 });
  return { PATH: folder };
}

test('a redemption is refused while another process redeems', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([]);
    const lock = await holdForeignLock(join(fixture.codexHome, 'account-server', 'redemptions.lock'));
    const failure = fixture.newClient().redeem();
    await expect(failure).rejects.toMatchObject({
      name: 'RedemptionError',
      kind: 'anotherIsOpen',
      message: 'another process is redeeming a credit',
      redemption: null,
    });
    const given = new AbortController();
    const waiting = fixture.newClient().redeem({ signal: given.signal });
    const lockWait = lock.untilWaitedFor().then(() => given.abort(new Error('not wanted')));
    await expect(waiting).rejects.toThrow('not wanted');
    await Promise.all([lockWait, lock.release()]);
    expect(fixture.consumed()).toEqual([]);
  });
});

test('two calls of one client at the same time make one attempt', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    await client.request(read);
    const results = await Promise.allSettled([client.redeem(), client.redeem()]);
    const kinds = results.map((result) =>
      result.status === 'fulfilled'
        ? result.value.redemption.state
        : (result.reason as { kind: string }).kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['verified', 'staleRead']));
    expect(fixture.consumed()).toHaveLength(1);
  });
});

test('a redemption is refused while an attempt for another credit is open', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const open = attempt(fixture.clock, { state: 'unclear', creditId: 'credit-1' });
    fixture.writeJournal([open]);
    await expect(fixture.newClient().redeem({ creditId: 'credit-2' })).rejects.toMatchObject({
      kind: 'anotherIsOpen',
      redemption: open,
    });
    expect([fixture.consumed(), fixture.journal()]).toEqual([[], [open]]);
  });
});

test('nothing is sent if the account is not that of the last read', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    const basedOn = { accountId: 'account-before', journalSequence: 0, readAtMs: fixture.clock.nowMs() };
    await expect(client.redeem({ basedOn })).rejects.toMatchObject({ kind: 'accountChanged' });
    fixture.backend.script('usage', { body: { account_id: 'account-before', plan_type: 'pro' } });
    await client.request(read);
    fixture.backend.script('usage', undefined);
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'accountChanged' });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('nothing is sent to a server that does not report the account', async () => {
  await withRedeemers('at-limit', async ({ codexHome }) => {
    await withStandIn(
      'unnamed',
      async (client) => {
        await expect(client.redeem()).rejects.toMatchObject({ kind: 'accountUnknown' });
      },
      { env: { ...process.env, STAND_IN_HOME: codexHome } },
    );
  });
});

test('a read is stale after a redemption by another client', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const one = fixture.newClient();
    const other = fixture.newClient();
    await one.request(read);
    const { redemption } = await other.redeem();
    await expect(one.redeem()).rejects.toMatchObject({ kind: 'staleRead', redemption });
    fixture.clock.leap(1);
    await one.request(read);
    // The windows are at 0 % now.
    expect(await one.redeem()).toMatchObject({ redemption: { state: 'nothingToReset' } });
  });
});

test('a credit that the journal lists as used is not sent, and an unlisted one is', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    await client.redeem({ creditId: 'credit-1' });
    await expect(client.redeem({ creditId: 'credit-1' })).rejects.toMatchObject({
      kind: 'creditUnavailable',
    });
    expect(await client.redeem({ creditId: 'credit-9' })).toMatchObject({
      redemption: { state: 'noCredit' },
    });
    expect(fixture.consumed().map((body) => body.credit_id)).toEqual(['credit-1', 'credit-9']);
  });
});

unixTest('nothing is sent if the locking command is not installed', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const empty = join(fixture.codexHome, 'empty');
    mkdirSync(empty);
    const env = { CODEX_HOME: fixture.codexHome, HOME: fixture.codexHome, PATH: empty };
    await expect(fixture.newClient({ env }).redeem()).rejects.toMatchObject({
      kind: 'lockUnavailable',
      message: `other processes cannot be kept from redeeming at the same time: flock is not installed`,
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('nothing is sent if the file system of CODEX_HOME has no locks', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const { codexHome } = fixture;
    const environment = withoutLocks(codexHome);
    const env = { CODEX_HOME: codexHome, HOME: codexHome, ...environment };
    await expect(fixture.newClient({ env }).redeem()).rejects.toMatchObject({
      kind: 'lockUnavailable',
      message: expect.stringMatching(
        /^other processes cannot be kept from redeeming at the same time: the file system cannot lock files \(.+\)$/,
      ),
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('an abort ends the wait for a server that does not answer', async () => {
  await withStandIn('silent', async (client) => {
    const given = new AbortController();
    const redemption = client.redeem({ signal: given.signal });
    given.abort(new Error('not wanted'));
    await expect(redemption).rejects.toThrow('not wanted');
  });
});
