import { expect, test } from 'vitest';
import type { AccountClient } from '../../../src/client/account-client.js';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { createNotes } from '../notes.js';
import { startWatchLoop } from '../watch-loop.js';
import { listen, withStandIn } from '../connection/stand-in-fixture.js';
import { withRedeemers } from '../redemption/fixture.js';

test('closing the client ends a loop without an error, even while it waits for its first value', async () => {
  await withRedeemers('at-limit', async ({ newClient }) => {
    const client = newClient();
    const values = client.watchRateLimits();
    const waiting = values.next();
    const { ended } = await startWatchLoop(client, () => undefined);
    await client.close();
    await waiting;
    expect([await ended, await values.next()]).toEqual([undefined, { done: true, value: undefined }]);
    await expect(client.watchRateLimits().next()).rejects.toMatchObject({ kind: 'closed' });
  });
});

test('the signal ends a loop without an error, and drops a value that has not been taken', async () => {
  await withStandIn('reportsInterval', async (client) => {
    const { note, untilCount } = createNotes();
    listen(client, 'watching', note);
    const controller = new AbortController();
    const values = client.watchRateLimits({ signal: controller.signal });
    await values.next();
    await untilCount(1);
    const waiting = values.next();
    controller.abort();
    expect(await untilCount(2)).toEqual([{ intervalSecs: 60 }, null]);
    expect([await waiting, await values.next()]).toEqual(Array(2).fill({ done: true, value: undefined }));
    expect(await client.watchRateLimits({ signal: controller.signal }).next()).toMatchObject({ done: true });
  });
});

test('a break stops the watch of the server', async () => {
  await withStandIn('reportsInterval', async (client) => {
    const { note, untilCount } = createNotes();
    listen(client, 'watching', note);
    for await (const { rateLimits } of client.watchRateLimits({ intervalMs: 29_600 })) {
      expect(rateLimits.primary?.usedPercent).toBe(2);
      await untilCount(1);
      break;
    }
    expect(await untilCount(2)).toEqual([{ intervalSecs: 30 }, null]);
  });
});

test('a loop that is slower than the changes gets only the newest value', async () => {
  await withStandIn(
    'counts',
    async (client) => {
      const seen: unknown[] = [];
      for await (const { rateLimits } of client.watchRateLimits()) {
        seen.push(rateLimits.primary?.usedPercent);
        if (seen.length === 2) break;
        // The second server has answered its third read, whose value is the last one.
        while (((await client.request('account/usage/read')) as unknown as { reads: number }).reads < 3);
      }
      expect(seen).toEqual([1, 3]);
    },
    { maxRetries: 5 },
  );
});

test('with onProblem a watch begins once a read succeeds, and without it the error is thrown', async () => {
  const run = async (client: AccountClient): Promise<void> => {
    const problems: unknown[] = [];
    await expect(client.watchRateLimits().next()).rejects.toMatchObject({ message: 'failed to fetch' });
    const values = client.watchRateLimits({ onProblem: ({ error }) => problems.push(error.message) });
    expect(await values.next()).toMatchObject({ value: { rateLimits: { primary: { usedPercent: 50 } } } });
    expect(problems).toEqual(['failed to fetch']);
    await values.return?.();
  };
  await withStandIn('failsFirst', run, { clock: createLeapingClock([120_000]) });
});

test('a watch whose server cannot be started throws at once, even with onProblem', async () => {
  await withStandIn(
    'fails',
    async (client) => {
      const values = client.watchRateLimits({ onProblem: () => undefined });
      await expect(values.next()).rejects.toMatchObject({ kind: 'serverNotFound' });
      expect(await values.next()).toMatchObject({ done: true });
    },
    { command: '/nowhere/codex' },
  );
});

test('a failure of the reads of the server is a problem, which is over with the next value', async () => {
  await withStandIn('failsToWatch', async (client) => {
    const problems: unknown[] = [];
    const values = client.watchRateLimits({
      onProblem: ({ error: { kind, retryAfterMs, isRetryable, message }, nextReadAtMs }) =>
        problems.push({ kind, retryAfterMs, isRetryable, message, nextReadAtMs }),
    });
    await values.next();
    expect((await values.next()).done).not.toBe(true);
    expect(problems).toEqual([
      {
        kind: 'rateLimited',
        retryAfterMs: 30_000,
        isRetryable: true,
        message: 'the reads of the watch fail (rateLimited)',
        nextReadAtMs: 1_767_225_720_000,
      },
    ]);
    await values.return?.();
  });
});
