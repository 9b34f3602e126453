import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdForeignLock } from '../support/foreign-lock.js';
import { attempt, withRedeemers } from './redeem-bench.js';
import { withStandIn } from './stand-in-bench.js';

const read = 'account/rateLimits/read';

test('while another process redeems it is refused', async () => {
  await withRedeemers('at-limit', async (bench) => {
    bench.writeJournal([]);
    const lock = await holdForeignLock(join(bench.codexHome, 'account-server', 'redemptions.lock'));
    const failure = bench.newClient().redeem();
    await expect(failure).rejects.toMatchObject({
      name: 'RedemptionError',
      kind: 'anotherIsOpen',
      message: 'another process is redeeming a credit',
      redemption: null,
    });
    const given = new AbortController();
    const waiting = bench.newClient().redeem({ signal: given.signal });
    const lockWait = lock.untilWaitedFor().then(() => given.abort(new Error('not wanted')));
    await expect(waiting).rejects.toThrow('not wanted');
    await Promise.all([lockWait, lock.release()]);
    expect(bench.consumed()).toEqual([]);
  });
});

test('two calls of one client at once make one attempt', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient();
    await client.request(read);
    const results = await Promise.allSettled([client.redeem(), client.redeem()]);
    const kinds = results.map((result) =>
      result.status === 'fulfilled'
        ? result.value.redemption.state
        : (result.reason as { kind: string }).kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['verified', 'staleRead']));
    expect(bench.consumed()).toHaveLength(1);
  });
});

test('an attempt for another credit has to be finished first', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const open = attempt(bench.clock, { state: 'unclear', creditId: 'credit-1' });
    bench.writeJournal([open]);
    await expect(bench.newClient().redeem({ creditId: 'credit-2' })).rejects.toMatchObject({
      kind: 'anotherIsOpen',
      redemption: open,
    });
    expect([bench.consumed(), bench.journal()]).toEqual([[], [open]]);
  });
});

test('another account than at the read that it is based on: nothing is sent', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient();
    const basedOn = { accountId: 'account-before', readAtMs: bench.clock.nowMs() };
    await expect(client.redeem({ basedOn })).rejects.toMatchObject({ kind: 'accountChanged' });
    bench.backend.script('usage', { body: { account_id: 'account-before', plan_type: 'pro' } });
    await client.request(read);
    bench.backend.script('usage', undefined);
    await expect(client.redeem()).rejects.toMatchObject({ kind: 'accountChanged' });
    expect(bench.consumed()).toEqual([]);
  });
});

test('a server that does not tell the account gets no consume', async () => {
  await withRedeemers('at-limit', async ({ codexHome }) => {
    await withStandIn(
      'unnamed',
      async (client) => {
        await expect(client.redeem()).rejects.toMatchObject({ kind: 'accountUnknown' });
      },
      { environment: { ...process.env, STAND_IN_HOME: codexHome } },
    );
  });
});

test('a redemption that came after the read makes that read stale', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const one = bench.newClient();
    const other = bench.newClient();
    await one.request(read);
    const { redemption } = await other.redeem();
    await expect(one.redeem()).rejects.toMatchObject({ kind: 'staleRead', redemption });
    bench.clock.leap(1);
    await one.request(read);
    // The windows are at 0 % now.
    expect(await one.redeem()).toMatchObject({ redemption: { state: 'nothingToReset' } });
  });
});

test('a credit that is listed as used is not sent, one that is not listed is', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const client = bench.newClient();
    await client.redeem({ creditId: 'credit-1' });
    await expect(client.redeem({ creditId: 'credit-1' })).rejects.toMatchObject({
      kind: 'creditUnavailable',
    });
    expect(await client.redeem({ creditId: 'credit-9' })).toMatchObject({
      redemption: { state: 'noCredit' },
    });
    expect(bench.consumed().map((body) => body.credit_id)).toEqual(['credit-1', 'credit-9']);
  });
});

test('without the command that locks nothing is sent', async () => {
  await withRedeemers('at-limit', async (bench) => {
    const empty = join(bench.codexHome, 'empty');
    mkdirSync(empty);
    const environment = { CODEX_HOME: bench.codexHome, HOME: bench.codexHome, PATH: empty };
    await expect(bench.newClient({ environment }).redeem()).rejects.toMatchObject({
      kind: 'lockUnavailable',
      message: `nothing keeps other processes from redeeming meanwhile: flock is not installed`,
    });
    expect(bench.consumed()).toEqual([]);
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
