import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/util/clock.js';
import { withAccount } from '../../support/account-fixture.js';

const consumeMs = 10_000;
const usageMs = 15_000;
const read = '{"id":"read","method":"account/rateLimits/read"}';
const consume =
  '{"id":"one","method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":"key-1"}}';

/** Returns a clock that throws an unexpected error at the first timer with this delay. */
function brokenClock(brokenDelayMs: number, message = 'canary-secret user@example.com'): Clock {
  let isBroken = true;
  return {
    ...systemClock,
    after(delayMs, callback) {
      if (isBroken && delayMs === brokenDelayMs) {
        isBroken = false;
        throw new TypeError(message);
      }
      return systemClock.after(delayMs, callback);
    },
  };
}

test('an unexpected error is an internal error on the wire', () =>
  withAccount({ clock: brokenClock(usageMs) }, async ({ server }) => {
    expect(await server.ask(read)).toBe(
      '{"error":{"code":-32603,"message":"internal error","data":{"kind":"internal"}},"id":"read"}',
    );
  }));

test('after an unexpected error the outcome of a consume is unknown', () =>
  withAccount({ clock: brokenClock(consumeMs) }, async ({ server }) => {
    expect(await server.ask(consume)).toBe(
      '{"error":{"code":-32603,"message":"internal error","data":{"kind":"internal","outcomeKnown":false}},"id":"one"}',
    );
  }));

test('after an unexpected error the queue continues', () =>
  withAccount({ clock: brokenClock(consumeMs) }, async ({ server }) => {
    await server.ask(consume);
    expect(await server.ask('{"id":"status","method":"getAuthStatus","params":{}}')).toBe(
      '{"id":"status","result":{"authMethod":"chatgpt","authToken":null,"requiresOpenaiAuth":true}}',
    );
  }));

test('the log has the class and place of an unexpected error, but not its text', () =>
  withAccount({ clock: brokenClock(usageMs) }, async ({ server }) => {
    await server.ask(read);
    expect(server.log).toHaveLength(1);
    expect(server.log[0]).toMatch(/^ERROR internal error in account\/rateLimits\/read: TypeError at .*\n$/);
    expect(server.log[0]).not.toMatch(/canary|example/);
  }));

test('a line of the error text that looks like a place is not logged', () =>
  withAccount(
    { clock: brokenClock(usageMs, 'no\n    at canary-secret (canary:1:1)\n    at canary-secret') },
    async ({ server }) => {
      await server.ask(read);
      expect(server.log).toHaveLength(1);
      expect(server.log[0]).toMatch(/^ERROR internal error in account\/rateLimits\/read: TypeError at .*\n$/);
      expect(server.log[0]).not.toContain('canary');
    },
  ));
