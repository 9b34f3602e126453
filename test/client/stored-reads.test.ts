import { expect, test } from 'vitest';
import type { AccountClient } from '../../src/client/account-client.js';
import { withStandIn } from './connection/stand-in-fixture.js';
import { withRedeemers } from './redemption/fixture.js';

const usageRequests = (requests: readonly { url: string }[]): number =>
  requests.filter(({ url }) => url.endsWith('/usage')).length;

test('readRateLimits takes the read of another process, which cannot be the basis of a redemption', () =>
  withRedeemers('at-limit', async ({ backend, newClient }) => {
    const [one, other] = [newClient(), newClient()];
    const live = await one.readRateLimits({ maxAgeMs: 0 });
    const basis = one.lastRead();
    expect(basis).toMatchObject({ accountId: 'account-dev', userId: 'user-dev' });
    expect(await other.readRateLimits({ maxAgeMs: 60_999 })).toEqual(live);
    expect(other.lastRead()).toBeUndefined();
    await one.readRateLimits({ maxAgeMs: 60_000 });
    expect(one.lastRead()).toBe(basis);
    await one.request('account/rateLimits/read', { maxAgeSecs: 60 });
    expect(one.lastRead()).toBe(basis);
    expect(usageRequests(backend.requests)).toBe(1);
    // Without a greatest age it is a read as before.
    expect(await other.readRateLimits()).not.toHaveProperty('readAt');
    expect(other.lastRead()).toBeDefined();
  }));

test('after redeem by one client no other client gets an older read', () =>
  withRedeemers('at-limit', async ({ newClient }) => {
    const [one, other] = [newClient(), newClient()];
    const percent = async (client: AccountClient): Promise<unknown> =>
      (await client.readRateLimits({ maxAgeMs: 600_000 })).rateLimits.primary?.usedPercent;
    expect(await percent(other)).toBe(100);
    await one.redeem();
    expect(await percent(other)).toBe(0);
  }));

test.each([-1, Number.NaN])('the age %d is refused', (maxAgeMs) =>
  withRedeemers('fresh', async ({ newClient, backend }) => {
    await expect(newClient().readRateLimits({ maxAgeMs })).rejects.toThrow(RangeError);
    expect(backend.requests).toEqual([]);
  }),
);

test('a server without stored reads answers without readAt', () =>
  withStandIn('dies', async (client) => {
    expect(await client.readRateLimits({ maxAgeMs: 60_000 })).not.toHaveProperty('readAt');
  }));
