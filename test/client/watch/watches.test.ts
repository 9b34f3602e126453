import { expect, test } from 'vitest';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { startWatchLoop } from '../watch-loop.js';
import { createNotes } from '../notes.js';
import { withRedeemers } from '../redemption/fixture.js';
import { systemClock } from '../../../src/util/clock.js';
import { listen, withStandIn } from '../connection/stand-in-fixture.js';

const read = 'account/rateLimits/read';

/** Redeems a credit without the client, like a program on another machine. */
function redeemElsewhere(backendUrl: string): Promise<unknown> {
  return fetch(`${backendUrl}/api/codex/rate-limit-reset-credits/consume`, {
    method: 'POST',
    headers: { authorization: 'Bearer token' },
    body: JSON.stringify({ redeem_request_id: 'elsewhere' }),
  });
}

test('after a redemption by another process a watch reports the same limits as a read', async () => {
  await withRedeemers('at-limit', async ({ backend, newClient }) => {
    const client = newClient();
    const { note, untilCount } = createNotes();
    let reads = 0;
    backend.script('usage', (_request, response) => {
      reads += 1;
      if (reads !== 2) return undefined;
      // The first read of the watch of the server is answered after the redemption.
      void redeemElsewhere(backend.url).then(async () => {
        const usage = await fetch(`${backend.url}/api/codex/usage`, {
          headers: { authorization: 'Bearer token' },
        });
        response.writeHead(200, { 'content-type': 'application/json' }).end(await usage.text());
      });
      return 'handled';
    });
    const { stop } = await startWatchLoop(client, note);
    const handed = await untilCount(2);
    expect(handed).toMatchObject([
      {
        rateLimits: { primary: { usedPercent: 100 } },
        ordinaryUsageAllowed: false,
        rateLimitResetCredits: { availableCount: 2 },
      },
      {
        rateLimits: { primary: { usedPercent: 0 } },
        ordinaryUsageAllowed: true,
        rateLimitResetCredits: { availableCount: 1 },
      },
    ]);
    expect(await client.request(read)).toEqual(handed.at(-1));
    await stop();
    expect(client.lastRead()).toMatchObject({ accountId: 'account-dev', userId: 'user-dev' });
  });
});

test('after a redemption by its own client a watch reports the same limits as a read', async () => {
  await withRedeemers('at-limit', async ({ newClient }) => {
    const client = newClient();
    const { note, untilCount } = createNotes();
    await startWatchLoop(client, ({ ordinaryUsageAllowed, rateLimitResetCredits }) =>
      note([ordinaryUsageAllowed, rateLimitResetCredits?.availableCount]),
    );
    await client.redeem();
    expect((await untilCount(2)).at(-1)).toEqual([true, 1]);
  });
});

test('a watch reads one at a time, and once more if a change is reported during a read', async () => {
  const { note, untilCount } = createNotes();
  await withStandIn(
    'counts',
    async (client) => {
      await startWatchLoop(client, ({ rateLimits }) => note(rateLimits.primary?.usedPercent));
      expect(await untilCount(5)).toEqual([1, 'restart', 1, 2, 3]);
      expect(await client.request('account/usage/read')).toEqual({ reads: 3 });
    },
    { onRestart: () => note('restart') },
  );
});

test('a failed read of a watch is repeated later', async () => {
  const { note, untilCount } = createNotes();
  const clock = createLeapingClock([120_000]);
  await withStandIn(
    'failsOnce',
    async (client) => {
      const startMs = clock.nowMs();
      await startWatchLoop(client, ({ rateLimits }) => note(rateLimits.primary?.usedPercent));
      expect(await untilCount(2)).toEqual([1, 3]);
      expect(clock.nowMs() - startMs).toBe(120_000);
    },
    { clock },
  );
});

test('a change that the server reports ends the wait after a failed read', async () => {
  const { note, untilCount } = createNotes();
  await withStandIn(
    'failsOnce',
    async (client) => {
      const hasFailed = new Promise((resolve) => listen(client, 'readFailed', resolve));
      await startWatchLoop(client, ({ rateLimits }) => note(rateLimits.primary?.usedPercent));
      await hasFailed;
      await client.request('account/usage/read');
      expect(await untilCount(2)).toEqual([1, 3]);
    },
    { clock: systemClock },
  );
});

test('a watch continues with the next server if the first one exits, until it is stopped', async () => {
  const { note, untilCount } = createNotes();
  await withStandIn(
    'counts',
    async (client) => {
      const { stop } = await startWatchLoop(client, () => note('limits'), { intervalMs: 15_000 });
      expect((await untilCount(3)).slice(0, 3)).toEqual(['limits', 'restart', 'limits']);
      await stop();
      await stop();
    },
    { onRestart: () => note('restart') },
  );
});

test('a watch outlasts each Retry-After, which is at most a quarter of an hour', async () => {
  const clock = createLeapingClock([250, 900_000]);
  await withStandIn(
    'isLimited',
    async (client) => {
      const watching = new Promise((resolve) => listen(client, 'watching', resolve));
      const problems: [string, number | undefined][] = [];
      await startWatchLoop(client, () => undefined, {
        onProblem: ({ error, nextReadAtMs }) =>
          problems.push([error.kind, error.retryAfterMs && nextReadAtMs - clock.nowMs()]),
      });
      const startMs = clock.monotonicMs();
      const [one, other] = [read, 'account/rateLimits/watch'];
      expect(await watching).toEqual([one, one, other, one, other]);
      expect(problems).toEqual([
        ['serverExited', undefined],
        ['rateLimited', 900_000],
        ['rateLimited', 900_000],
      ]);
      expect(clock.monotonicMs() - startMs).toBeGreaterThanOrEqual(2 * 900_000);
    },
    { clock },
  );
});

test('a watch that cannot start throws the error of the server', async () => {
  await withStandIn('fails', async (client) => {
    await expect(startWatchLoop(client, () => undefined)).rejects.toMatchObject({
      name: 'RequestError',
      message: 'failed to fetch',
    });
  });
});

test('several watches share the shortest of their intervals until the last one is stopped', async () => {
  const { note, untilCount } = createNotes();
  await withStandIn('reportsInterval', async (client) => {
    listen(client, 'watching', (params) => note((params as { intervalSecs: number } | null)?.intervalSecs));
    const first = await startWatchLoop(client, () => note('first'), { intervalMs: 60_000 });
    await untilCount(2);
    const second = await startWatchLoop(client, () => note('second'), { intervalMs: 30_000 });
    await untilCount(4);
    const third = await startWatchLoop(client, () => note('third'), { intervalMs: 90_000 });
    await untilCount(6);
    await second.stop();
    await first.stop();
    await third.stop();
    expect(await untilCount(9)).toEqual(['first', 60, 'second', 30, 'third', 30, 60, 90, undefined]);
  });
});

test('every watch reports the first limits, and every change that another watch has read', async () => {
  await withRedeemers('at-limit', async ({ backend, newClient }) => {
    const client = newClient();
    const { note, untilCount } = createNotes();
    const reports = new Set<string>();
    // A watch may report the same limits again: they are noted once.
    const noteUse =
      (name: string) =>
      ({ rateLimits }: { rateLimits: { primary: { usedPercent: number } | null } }): void => {
        const report = `${name} ${rateLimits.primary?.usedPercent}`;
        if (!reports.has(report)) note(report);
        reports.add(report);
      };
    await Promise.all([startWatchLoop(client, noteUse('first')), startWatchLoop(client, noteUse('second'))]);
    expect((await untilCount(2)).toSorted()).toEqual(['first 100', 'second 100']);
    await redeemElsewhere(backend.url);
    await startWatchLoop(client, noteUse('third'));
    expect((await untilCount(5)).slice(2).toSorted()).toEqual(['first 0', 'second 0', 'third 0']);
  });
});

test('a watch ends with an error if the server fails at five starts', async () => {
  const clock = createLeapingClock([250, 500, 1_000, 2_000, 2_500]);
  await withStandIn(
    'startsOnce',
    async (client, countStarts) => {
      const { ended } = await startWatchLoop(client, () => undefined);
      const error = {
        name: 'ConnectionError',
        kind: 'tooManyFailedStarts',
        message: 'the server failed 5 times within 3 minutes: the server exited with code 1',
        cause: { kind: 'serverExited' },
      };
      expect(await ended).toMatchObject(error);
      expect(countStarts()).toBe(5);
      await expect(client.request(read)).rejects.toMatchObject(error);
      expect(countStarts()).toBe(5);
      clock.leap(3 * 60_000);
      await expect(client.request(read, {}, { maxRetries: 0 })).rejects.toMatchObject({
        kind: 'serverExited',
      });
      expect(countStarts()).toBe(6);
    },
    { clock },
  );
});

test('a watch can be stopped even if the server does not answer', async () => {
  await withStandIn('keepsWatching', async (client) => {
    const { stop } = await startWatchLoop(client, () => undefined);
    await stop();
  });
});

test('two reports of one change hand the limits over once', async () => {
  const { note, untilCount } = createNotes();
  const handed: (number | undefined)[] = [];
  await withStandIn('reportsTwice', async (client) => {
    client.onNotification('readAgain' as 'account/updated', note);
    const loop = await startWatchLoop(client, ({ rateLimits }) =>
      handed.push(rateLimits.primary?.usedPercent),
    );
    await untilCount(1);
    await client.readAccount().catch(() => undefined);
    await loop.stop();
  });
  expect(handed).toEqual([1, 50]);
});
