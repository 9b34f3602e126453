import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdEndpoint } from '../support/network/held-endpoint.js';
import { namesOf, type SnapshotClient, usedPercentIn, withSnapshots } from './fixture.js';

const young = { maxAgeSecs: 600, excludeResetCreditDetails: true };

test('after a redemption by any process no older read is used', () =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    expect(usedPercentIn(await one.read(young))).toBe(100);
    expect(await other.consume()).toEqual({ outcome: 'reset' });
    expect(usedPercentIn(await one.read(young))).toBe(0);
    expect(usedPercentIn(await other.read(young))).toBe(0);
    expect(usageRequests()).toBe(2);
  }));

test('while a consume is on its way, no read from before it is used', () =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, backend, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    const nextConsume = holdEndpoint(backend, 'consume');
    await one.read(young);
    const consuming = other.consume();
    const held = await nextConsume();
    await one.read(young);
    expect(usageRequests()).toBe(2);
    held.answer({ code: 'reset', windows_reset: 1 });
    await consuming;
    // The read above was stored while the consume was on its way.
    await one.read(young);
    expect(usageRequests()).toBe(3);
  }));

test.each([
  ['ends as the backend says', { status: 200, body: { code: 'nothing_to_reset', windows_reset: 0 } }],
  ['has an unknown outcome', { status: 500, body: {} }],
  ['is refused', { status: 403, body: {} }],
] as const)('a read that began before a consume %s is never stored behind it', (_, reply) =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, backend, usageRequests }) => {
    const [reader, redeemer, other] = [await start(), await start(), await start()];
    const nextUsage = holdEndpoint(backend, 'usage');
    backend.script('consume', reply);
    // Both ways to begin it: with a greatest age, and live.
    const reading = [reader.read(young), reader.read({ ...young, maxAgeSecs: 0 })];
    const held = [await nextUsage(), await nextUsage()];
    await redeemer.consume();
    for (const request of held) request.answer({ plan_type: 'pro' });
    await Promise.all(reading);
    backend.script('usage', undefined);
    await other.read(young);
    expect(usageRequests()).toBe(3);
  }),
);

test('a read does not join one in flight from before a redemption by another process', () =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, backend, usageRequests }) => {
    const [reader, redeemer] = [await start(), await start()];
    const nextUsage = holdEndpoint(backend, 'usage');
    const plain = reader.read({ excludeResetCreditDetails: true });
    const old = await nextUsage();
    await redeemer.consume();
    backend.script('usage', undefined);
    expect(usedPercentIn(await reader.read(young))).toBe(0);
    old.answer({ plan_type: 'pro' });
    await plain;
    expect(usedPercentIn(await redeemer.read(young))).toBe(0);
    expect(usageRequests()).toBe(2);
  }));

test.each<readonly [string, (client: SnapshotClient) => Promise<unknown>]>([
  ['a login', ({ call }) => call('account/login/start', { type: 'apiKey', apiKey: 'sk-canary' })],
  ['a logout', ({ call }) => call('account/logout')],
])('%s ends the use of earlier reads', (_, change) =>
  withSnapshots({}, async ({ start, folder }) => {
    const [one, other] = [await start(), await start()];
    await one.read(young);
    expect(namesOf(folder)).toContain('limits-epoch');
    await change(other);
    expect(namesOf(folder)).not.toContain('limits-epoch');
    expect(await one.read(young)).toMatchObject({ data: { kind: 'authRequired' } });
  }),
);

test('a consume creates no file where no read is stored', () =>
  withSnapshots({}, async ({ start, folder }) => {
    const { consume } = await start();
    await consume();
    expect(namesOf(folder)).toEqual([]);
  }));

test('a consume goes on if the stored reads cannot be removed', () =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, folder }) => {
    const { consume } = await start();
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, '');
    expect(await consume()).toEqual({ outcome: 'reset' });
  }));

test('a consume ends the use of earlier reads also in a folder that it does not trust', () =>
  withSnapshots({ scenario: 'at-limit' }, async ({ start, folder }) => {
    const [one, other] = [await start(), await start()];
    await one.read(young);
    // As for root, who redeems with the CODEX_HOME of another user.
    chmodSync(folder, 0o777);
    await other.consume();
    chmodSync(folder, 0o700);
    expect(usedPercentIn(await one.read(young))).toBe(0);
  }));
