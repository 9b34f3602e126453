import { expect, test } from 'vitest';
import type { WaitState } from '../../../src/client/wait/wait-until-allowed.js';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { withStandIn } from '../connection/stand-in-fixture.js';

/** The pauses of a wait: the wait without a known end, and the one after a failure. */
const waiting = { clock: createLeapingClock([30_000]), maxRetries: 0, timeoutMs: 29_000 };

test('a wait ends when use is allowed, whatever fails in between', () =>
  withStandIn(
    'blocks',
    async (client) => {
      const waits: WaitState[] = [];
      const { limits, checked } = await client.waitUntilAllowed({ onWait: (waiting) => waits.push(waiting) });
      expect(limits.rateLimits.primary?.usedPercent).toBe(50);
      expect(checked).toEqual({
        ...{ verdict: 'enough', permission: 'allowed', block: null, needs: [], expectedAt: null },
      });
      expect(waits.map(({ last, error }) => [last?.checked.verdict, error])).toEqual([
        ['blocked', undefined],
        ['blocked', expect.objectContaining({ name: 'RequestError', message: 'failed to fetch' })],
      ]);
    },
    waiting,
  ));

test('a need that no reset can meet ends it with a RangeError', () =>
  withStandIn(
    'blocks',
    (client) =>
      expect(
        client.waitUntilAllowed({ needs: [{ limit: 'window', windowDurationMins: 17, leftPercent: 1 }] }),
      ).rejects.toEqual(new RangeError('the account has no window of 17 minutes')),
    waiting,
  ));

test('a login that is missing ends it', () =>
  withStandIn('signedOut', (client) =>
    expect(client.waitUntilAllowed()).rejects.toMatchObject({ name: 'RequestError', code: -32600 }),
  ));

test('a signal and close() end it between two reads', () =>
  withStandIn('blocks', async (client) => {
    const reason = new Error('enough of it');
    const controller = new AbortController();
    const stopped = client.waitUntilAllowed({
      signal: controller.signal,
      onWait: () => controller.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
    const closed = client.waitUntilAllowed({
      needs: [{ limit: 'window', windowDurationMins: 300, leftPercent: 51 }],
      onWait: () => void client.close(),
    });
    await expect(closed).rejects.toMatchObject({ name: 'ConnectionError', kind: 'closed' });
    await expect(client.waitUntilAllowed()).rejects.toMatchObject({ kind: 'closed' });
  }));
