import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withRedeemers } from './fixture.js';
import { withStandIn } from '../connection/stand-in-fixture.js';

const usageOf = (accountId: string): object => ({
  body: { account_id: accountId, user_id: 'user-dev', plan_type: 'pro' },
});

const accountChanged = { name: 'RedemptionError', kind: 'accountChanged' };

test('a consume is not sent again for another account', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', () => {
      fixture.backend.script('usage', usageOf('account-other'));
      return { status: 500 };
    });
    await expect(fixture.newClient().redeem()).rejects.toMatchObject({
      kind: 'outcomeUnknown',
      cause: accountChanged,
      redemption: { state: 'unclear', account: { accountId: 'account-dev' } },
    });
    expect([fixture.consumed().length, fixture.journal().map(({ state }) => state)]).toEqual([
      1,
      ['unclear'],
    ]);

    // After the first account has signed in again, its attempt continues.
    fixture.backend.script('usage', undefined);
    fixture.backend.script('consume', undefined);
    expect(await fixture.newClient().redeem()).toMatchObject({
      isRepeated: true,
      redemption: { state: 'verified' },
    });
    expect(new Set(fixture.consumed().map((body) => body.redeem_request_id)).size).toBe(1);
  });
});

test.each(['forgets', 'forgetsEarly'])(
  'no consume is sent to a restarted server that is signed in to another account: %s',
  async (habit) => {
    await withRedeemers('fresh', async ({ codexHome, journal }) => {
      const environment = { ...process.env, STAND_IN_HOME: codexHome };
      await withStandIn(
        habit,
        async (client) => {
          const sent: unknown[] = [];
          client.onNotification('consumed', (params) => sent.push(params));
          await expect(client.redeem()).rejects.toMatchObject({ cause: accountChanged });
          expect(sent).toHaveLength(habit === 'forgets' ? 1 : 0);
          expect(journal()).toMatchObject([{ state: 'unclear', account: { accountId: 'account-memory' } }]);
        },
        { environment },
      );
    });
  },
);

test('nothing is sent for an account without an id', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('usage', usageOf(''));
    await expect(fixture.newClient().redeem()).rejects.toMatchObject({ kind: 'accountUnknown' });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('nothing is sent if the account is unknown', async () => {
  await withRedeemers('fresh', async ({ codexHome, journalPath }) => {
    const environment = { ...process.env, STAND_IN_HOME: codexHome };
    await withStandIn(
      'keepsUser',
      async (client) => {
        const sent: unknown[] = [];
        client.onNotification('consumed', (params) => sent.push(params));
        await expect(client.redeem()).rejects.toMatchObject({ kind: 'timedOut' });
        expect([sent, existsSync(journalPath)]).toEqual([[], false]);
      },
      { environment, timeoutMs: 1_100 },
    );
  });
});

test('a consume of the caller is not sent again to another server', async () => {
  await withStandIn('forgets', async (client) => {
    const sent: unknown[] = [];
    client.onNotification('consumed', (params) => sent.push(params));
    const params = { idempotencyKey: 'key-1' };
    const consumed = client.request('account/rateLimitResetCredit/consume', params);
    await expect(consumed).rejects.toMatchObject({ kind: 'serverExited' });
    expect(sent).toEqual([params]);
    expect((await client.request('account/rateLimits/read')).accountId).toBe('account-stored');
  });
});
