import { expect, test } from 'vitest';
import { withRedeemers } from './redeem-fixture.js';
import { withStandIn } from './stand-in-fixture.js';

/** What a watch has told, and a way to wait for it. */
function createNotes(): {
  note: (value: unknown) => void;
  untilCount: (count: number) => Promise<unknown[]>;
} {
  const notes: unknown[] = [];
  let wake = (): void => undefined;
  return {
    note(value) {
      notes.push(value);
      wake();
    },
    async untilCount(count) {
      while (notes.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return notes;
    },
  };
}

test('a watch of our own server tells the limits, and then what has changed, put into them', async () => {
  await withRedeemers('at-limit', async ({ backend, newClient }) => {
    const client = newClient();
    const { note, untilCount } = createNotes();
    const changed = { used_percent: 30, limit_window_seconds: 18_000, reset_at: 2_000_000_000 };
    let reads = 0;
    backend.script('usage', () => {
      reads += 1;
      if (reads === 1) return undefined;
      return { body: { plan_type: 'pro', rate_limit: { allowed: true, primary_window: changed } } };
    });
    const stop = await client.watchRateLimits(({ rateLimits, rateLimitResetCredits }) =>
      note([rateLimits.primary?.usedPercent, rateLimitResetCredits?.availableCount]),
    );
    expect(await untilCount(2)).toEqual([
      [100, 2],
      [30, 2],
    ]);
    await stop();
    expect(client.lastRead()).toEqual({ accountId: 'account-dev', readAtMs: expect.any(Number) as number });
  });
});

test('a watch goes on with the next server when the first one dies, until it is stopped', async () => {
  const { note, untilCount } = createNotes();
  await withStandIn(
    'watches',
    async (client) => {
      const stop = await client.watchRateLimits(({ rateLimits }) => note(rateLimits.primary?.usedPercent), {
        intervalSecs: 15,
      });
      expect(await untilCount(5)).toEqual([2, 15, 'restart', 2, 15]);
      await stop();
      await stop();
    },
    { onRestart: () => note('restart') },
  );
});

test('a watch that cannot begin throws what the server says', async () => {
  await withStandIn('fails', async (client) => {
    await expect(client.watchRateLimits(() => undefined)).rejects.toMatchObject({
      name: 'RequestError',
      message: 'failed to fetch',
    });
  });
});

test('a second watch takes the place of the first, and closing the client ends it', async () => {
  await withRedeemers('at-limit', async ({ newClient }) => {
    const client = newClient();
    const { note, untilCount } = createNotes();
    const stopFirst = await client.watchRateLimits(() => note('first'));
    await client.watchRateLimits(() => note('second'), { intervalSecs: 3_600 });
    await stopFirst();
    await client.close();
    expect(await untilCount(2)).toEqual(['first', 'second']);
  });
});

test('a watch may be stopped although the server does not answer any more', async () => {
  await withStandIn('keepsWatching', async (client) => {
    const stop = await client.watchRateLimits(() => undefined);
    await stop();
  });
});
