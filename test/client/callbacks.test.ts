import { expect, test } from 'vitest';
import { createNotes } from '../support/notes.js';
import { uncaughtDuring } from '../support/uncaught.js';
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

test.each(endings)(
  'a watch continues after a restart even if its handler %s each time',
  async (_how, end) => {
    const { note, untilCount } = createNotes();
    let reads: unknown;
    const seen = await uncaughtDuring(() =>
      withStandIn('counts', async (client) => {
        const stop = await client.watchRateLimits(({ rateLimits }) => {
          note(rateLimits.primary?.usedPercent);
          return end();
        });
        await untilCount(4);
        reads = await client.request('account/usage/read');
        await stop();
      }),
    );
    expect(seen).toEqual(Array(4).fill(uncaught));
    // One read by the first server, three by the second one.
    expect(reads).toEqual({ reads: 3 });
  },
);

test('an error of onEnd is an uncaught exception, and so is the error of a watch without onEnd', async () => {
  const ended: string[] = [];
  const seen = await uncaughtDuring(() =>
    withStandIn('watchesOnce', async (client) => {
      await client.watchRateLimits(() => undefined);
      await new Promise<void>((resolve) => {
        void client.watchRateLimits(() => undefined, {
          onEnd(error) {
            ended.push(error.message);
            resolve();
            fail();
          },
        });
      });
    }),
  );
  expect(ended).toEqual(['no such method']);
  expect(seen.toSorted()).toEqual(['uncaughtException: no such method', uncaught]);
});
