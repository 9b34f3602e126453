import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../src/dev-backend/home.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';
import { listen, withStandIn } from '../connection/stand-in-fixture.js';

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
      const env = { ...process.env, STAND_IN_HOME: codexHome };
      await withStandIn(
        habit,
        async (client) => {
          const sent: unknown[] = [];
          listen(client, 'consumed', (params) => sent.push(params));
          const isSent = habit === 'forgets';
          await expect(client.redeem()).rejects.toMatchObject(
            isSent ? { kind: 'outcomeUnknown', cause: accountChanged } : accountChanged,
          );
          expect(sent).toHaveLength(isSent ? 1 : 0);
          const state = isSent ? 'unclear' : 'refused';
          expect(journal()).toMatchObject([{ state, account: { accountId: 'account-memory' } }]);
        },
        { env },
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
    const env = { ...process.env, STAND_IN_HOME: codexHome };
    await withStandIn(
      'keepsUser',
      async (client) => {
        const sent: unknown[] = [];
        listen(client, 'consumed', (params) => sent.push(params));
        await expect(client.redeem()).rejects.toMatchObject({ kind: 'timedOut' });
        expect([sent, existsSync(journalPath)]).toEqual([[], false]);
      },
      { env, timeoutMs: 1_100 },
    );
  });
});

test('a consume of the caller is not sent again to another server', async () => {
  await withStandIn('forgets', async (client) => {
    const sent: unknown[] = [];
    listen(client, 'consumed', (params) => sent.push(params));
    const params = { idempotencyKey: 'key-1' };
    const consumed = client.request('account/rateLimitResetCredit/consume', params);
    await expect(consumed).rejects.toMatchObject({ kind: 'serverExited' });
    expect(sent).toEqual([params]);
    expect((await client.request('account/rateLimits/read')).accountId).toBe('account-stored');
  });
});

/** Signs in someone else in the way another program does: by a new auth.json. */
function signIn(
  { backend, codexHome }: RedeemFixture,
  identity: { accountId?: string; userId?: string },
): void {
  const home = createDevHome({ backendUrl: backend.url, ...identity });
  copyFileSync(join(home.path, 'auth.json'), join(codexHome, 'auth.json'));
  home.remove();
}

test('nothing is sent if another user of the workspace signs in while the limits are read', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('usage', () => {
      signIn(fixture, { userId: 'user-other' });
      return undefined;
    });
    await expect(fixture.newClient().redeem()).rejects.toMatchObject(accountChanged);
    expect(fixture.consumed()).toEqual([]);
  });
});

test('nothing is sent as another user than the one that the caller has read', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const client = fixture.newClient();
    await client.request('account/rateLimits/read');
    const { userId } = await client.request('account/read');
    const basedOn = { accountId: null, journalSequence: 0, readAtMs: 0, ...client.lastRead(), userId };
    signIn(fixture, { userId: 'user-other' });
    await expect(client.redeem({ basedOn })).rejects.toMatchObject(accountChanged);
    expect(fixture.consumed()).toEqual([]);
  });
});

test('an attempt whose user is known is not repeated by a server that does not name the user', async () => {
  await withRedeemers('fresh', async ({ codexHome, clock, writeJournal, journal }) => {
    const account = { accountId: 'account-a', userId: 'user-a' };
    writeJournal([attempt(clock, { account, state: 'unclear' })]);
    await withStandIn(
      'redeems',
      async (client) => {
        const sent: unknown[] = [];
        listen(client, 'consumed', (params) => sent.push(params));
        await expect(client.redeem()).rejects.toMatchObject({
          kind: 'outcomeUnknown',
          cause: { kind: 'accountUnknown' },
        });
        expect([sent, journal().map(({ state }) => state)]).toEqual([[], ['unclear']]);
      },
      { env: { ...process.env, STAND_IN_HOME: codexHome } },
    );
  });
});

test.each(['signsOutAfter', 'endsAfter'])(
  'with codex, an account that cannot be read after the consume leaves the outcome open: %s',
  async (habit) => {
    await withRedeemers('fresh', async ({ codexHome, journal }) => {
      await withStandIn(
        habit,
        async (client) => {
          await expect(client.redeem({ maxRetries: 0 })).rejects.toMatchObject({ kind: 'outcomeUnknown' });
          expect(journal().map(({ state }) => state)).toEqual(['unclear']);
        },
        { env: { ...process.env, STAND_IN_HOME: codexHome } },
      );
    });
  },
);

test('the limits of another user do not verify a redemption', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', () => {
      signIn(fixture, { userId: 'user-other' });
      return { body: { code: 'reset', windows_reset: 2 } };
    });
    const client = fixture.newClient();
    await client.request('account/rateLimits/read');
    const before = client.lastRead();
    const { redemption, limits } = await client.redeem({ verifyForMs: 0 });
    expect([redemption.state, limits, client.lastRead()]).toEqual(['pending', null, before]);
  });
});
