import { expect, test } from 'vitest';
import { startWatchLoop } from './watch-loop.js';
import { createNotes } from './notes.js';
import { uncaughtDuring } from './uncaught.js';
import { withRedeemers } from './redemption/fixture.js';
import { withStandIn } from './connection/stand-in-fixture.js';

const read = 'account/rateLimits/read';
const limits = { rateLimits: { limitId: 'codex' } };

const fail = (): never => {
  throw new Error('thrown by the caller');
};
const reject = (): Promise<never> => Promise.reject(new Error('thrown by the caller'));
const endings: readonly [string, () => unknown][] = [
  ['throws', fail],
  ['rejects', reject],
];
const uncaught = 'uncaughtException: thrown by the caller';

test.each(endings)('an onRestart that %s does not change the result of a call', async (_how, onRestart) => {
  const seen = await uncaughtDuring(() =>
    withStandIn(
      'dies',
      async (client) => {
        expect(await client.request(read)).toMatchObject(limits);
      },
      { onRestart },
    ),
  );
  expect(seen).toEqual([uncaught]);
});

test.each(endings)('an onRetry that %s does not change the result of a call', async (_how, onRetry) => {
  const seen = await uncaughtDuring(() =>
    withStandIn(
      'dies',
      async (client) => {
        expect(await client.request(read)).toMatchObject(limits);
      },
      { onRetry },
    ),
  );
  expect(seen).toEqual([uncaught]);
});

test.each(endings)('an onRetry that %s does not change the result of a redemption', async (_how, onRetry) => {
  const seen = await uncaughtDuring(() =>
    withRedeemers('at-limit', async ({ backend, newClient }) => {
      let consumes = 0;
      backend.script('consume', () => {
        consumes += 1;
        return consumes === 1 ? { status: 500 } : undefined;
      });
      const { redemption } = await newClient({ onRetry }).redeem();
      expect(redemption.state).toBe('verified');
    }),
  );
  expect(seen).toEqual([uncaught]);
});

test.each(endings)(
  'a notification handler that %s affects neither the next handler nor the answer',
  async (_how, handle) => {
    const { note, untilCount } = createNotes();
    const seen = await uncaughtDuring(() =>
      withStandIn('codex', async (client) => {
        client.onNotification('account/rateLimits/updated', handle);
        client.onNotification('account/rateLimits/updated', () => note('heard'));
        await Promise.all([client.request(read), client.request('account/usage/read')]);
        await untilCount(2);
      }),
    );
    expect(seen).toEqual([uncaught, uncaught]);
  },
);

test.each(endings)('a watch continues even if its onProblem %s each time', async (_how, onProblem) => {
  const { note, untilCount } = createNotes();
  const seen = await uncaughtDuring(() =>
    withStandIn('counts', async (client) => {
      const { stop } = await startWatchLoop(
        client,
        ({ rateLimits }) => note(rateLimits.primary?.usedPercent),
        {
          onProblem,
        },
      );
      expect(await untilCount(4)).toEqual([1, 1, 2, 3]);
      await stop();
    }),
  );
  expect(seen).toEqual([uncaught]);
});

test('a loop throws the error of a server that refuses to watch', async () => {
  await withStandIn('watchesOnce', async (client) => {
    const loops = [
      await startWatchLoop(client, () => undefined),
      await startWatchLoop(client, () => undefined),
    ];
    const errors = await Promise.all(loops.map(({ ended }) => ended));
    expect(errors.map((error) => error?.message)).toEqual(['no such method', 'no such method']);
  });
});
