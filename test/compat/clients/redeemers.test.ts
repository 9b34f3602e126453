import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type ClientFixture, withBuiltServer } from '../../support/processes/built-server.js';

// Programs that redeem credits. Each test sends what the program sends.

const limits = 'account/rateLimits/read';
const consume = 'account/rateLimitResetCredit/consume';
const clientInfo = { name: 'redeemer', title: null, version: '0.3.0' };

async function shakeHands({ server }: ClientFixture): Promise<void> {
  await server.call('start', 'initialize', { clientInfo, capabilities: null });
  server.send({ method: 'initialized' });
}

/** The bodies of the redemptions that the backend received, in order. */
function redemptions({ backend }: ClientFixture): unknown[] {
  return backend.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as unknown);
}

describe('AI_Account_Hub', () => {
  test('AI_Account_Hub reads five times, 120 ms apart, and redeems with a fresh UUID', () =>
    withBuiltServer(
      { args: ['-c', 'features.plugins=false', 'app-server'], scenario: 'at-limit' },
      async (fixture) => {
        const { server } = fixture;
        await shakeHands(fixture);
        const idempotencyKey = randomUUID();
        const reads = [];
        for (let id = 1; id <= 5; id += 1) {
          server.send({ id, method: limits });
          reads.push(server.result(limits, id));
          await pause(120);
        }
        const counts = (await Promise.all(reads)).map((read) => read.rateLimitResetCredits?.availableCount);
        expect(counts).toEqual([2, 2, 2, 2, 2]);
        expect(await server.call(6, consume, { idempotencyKey })).toEqual({ outcome: 'reset' });
        expect(redemptions(fixture)).toEqual([{ redeem_request_id: idempotencyKey }]);
        expect((await server.call(7, limits)).rateLimitResetCredits?.availableCount).toBe(1);
      },
    ));

  test('AI_Account_Hub reads the token usage and the limits', () =>
    withBuiltServer({ args: ['-c', 'features.plugins=false', 'app-server'] }, async (fixture) => {
      const { server } = fixture;
      await shakeHands(fixture);
      const { summary, dailyUsageBuckets } = await server.call(1, 'account/usage/read');
      expect(Number.isInteger(summary.lifetimeTokens)).toBe(true);
      expect(dailyUsageBuckets?.[0]).toEqual({
        startDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        tokens: expect.any(Number),
      });
      expect(await server.call(2, limits)).toMatchObject({ accountId: 'account-dev' });
    }));
});

test.each([
  ['fa0311', (_creditId: string) => '6f1c2f8e-0d6b-4f0e-9f37-6f9f0a3a1c55'],
  ['linncy', (creditId: string) => creditId],
])('%s redeems the credit that it names', (_client, keyFor) =>
  withBuiltServer({ scenario: 'at-limit' }, async (fixture) => {
    const { server } = fixture;
    await shakeHands(fixture);
    const { account } = await server.call(1, 'account/read', { refreshToken: true });
    expect(account?.type).toBe('chatgpt');
    const credits = (await server.call(2, limits)).rateLimitResetCredits?.credits ?? [];
    expect(credits.map(({ grantedAt }) => Number.isInteger(grantedAt))).toEqual([true, true]);
    const creditId = credits[0]!.id;
    const idempotencyKey = keyFor(creditId);
    expect(await server.call(3, consume, { idempotencyKey, creditId })).toEqual({ outcome: 'reset' });
    expect(redemptions(fixture)).toEqual([{ redeem_request_id: idempotencyKey, credit_id: creditId }]);
    const after = (await server.call(4, limits)).rateLimitResetCredits?.credits ?? [];
    expect(after.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'credit-1 redeemed',
      'credit-2 available',
    ]);
  }),
);

test('codex-reset-kit sees one plan everywhere, and no account/updated before it redeems', () =>
  withBuiltServer({ args: ['app-server', '--listen=stdio://'], scenario: 'at-limit' }, async ({ server }) => {
    await server.call(0, 'initialize', { clientInfo });
    server.send({ method: 'initialized' });
    const { account } = await server.call(1, 'account/read', { refreshToken: false });
    const before = await server.call(2, limits, { excludeResetCreditDetails: false });
    const buckets = Object.values(before.rateLimitsByLimitId ?? {});
    expect(Object.keys(before.rateLimitsByLimitId ?? {})).toEqual(['codex', 'codex_extra']);
    const plans = [account, before.rateLimits, ...buckets].map(
      (holder) => holder && 'planType' in holder && holder.planType,
    );
    expect(plans).toEqual(['pro', 'pro', 'pro', 'pro']);
    const params = { idempotencyKey: randomUUID(), creditId: before.rateLimitResetCredits?.credits?.[1]?.id };
    expect(await server.call(3, consume, params)).toEqual({ outcome: 'reset' });
    expect((await server.call(4, limits)).rateLimitsByLimitId?.codex).toMatchObject({
      primary: { usedPercent: 0 },
      secondary: { usedPercent: 0 },
    });
    const ids = server.lines.map((line) => (JSON.parse(line) as { id?: unknown }).id);
    expect(ids).toEqual([0, 1, 2, 3, 4]);
  }));
