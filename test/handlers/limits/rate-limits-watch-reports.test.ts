import { expect, test } from 'vitest';
import type { GetAccountRateLimitsResponse } from '../../../src/protocol/schema/rate-limits.js';
import { withWatch } from './watch-fixture.js';

const watch = 'account/rateLimits/watch';
const failed = 'account/rateLimits/watchFailed';
const updated = 'account/rateLimits/updated';
const minuteMs = 60_000;
const secs = expect.any(Number);

const body = {
  account_id: 'account-dev',
  user_id: 'user-dev',
  rate_limit: {
    allowed: true,
    primary_window: { used_percent: 20, limit_window_seconds: 18_000, reset_at: 4e9 },
  },
};

test('a failure is reported once, and so is another reason, and that it is over', () =>
  withWatch({}, async ({ call, pass, backend, clock, sent }) => {
    const replies: object[] = [];
    backend.script('usage', () => ({ body, ...replies.shift() }));
    await call(watch, { intervalSecs: 15 });
    await pass(minuteMs);
    expect([sent(failed), sent(updated)]).toEqual([[], []]);
    const nowSecs = Math.floor(clock.nowMs() / 1000);
    replies.push(...Array<object>(2).fill({ status: 404, body: {} }));
    await pass(10 * minuteMs);
    replies.push({ status: 429, headers: { 'retry-after': '120' }, body: {} });
    await pass(10 * minuteMs);
    expect(sent(failed)).toEqual([
      { kind: 'backendStatus', nextReadAt: secs },
      { kind: 'rateLimited', retryAfterMs: 120_000, nextReadAt: secs },
    ]);
    const [first] = sent(failed) as [{ nextReadAt: number }];
    expect(first.nextReadAt - nowSecs).toBeGreaterThan(30);
    expect(sent(updated)).toEqual(
      Array(2).fill({
        rateLimits: expect.objectContaining({ limitId: 'codex', primary: expect.anything() }),
        ordinaryUsageAllowed: true,
        accountId: 'account-dev',
      }),
    );
  }));

test('a missing login is reported once, and unwatch forgets it', () =>
  withWatch({ auth: 'none' }, async ({ call, pass, sent, backend }) => {
    await call(watch);
    await pass(60 * minuteMs);
    await call(watch, { intervalSecs: 15 });
    await pass(minuteMs);
    expect(sent(failed)).toEqual([{ kind: 'authRequired', nextReadAt: secs }]);
    await call('account/rateLimits/unwatch');
    await call(watch);
    await pass(minuteMs);
    expect([sent(failed).length, backend.requests.length]).toEqual([2, 0]);
  }));

test('with progress each read is reported with the time of the next one', () =>
  withWatch({}, async ({ call, pass, backend, clock, sent }) => {
    const readsAtSecs: number[] = [];
    backend.script('usage', () => {
      readsAtSecs.push(clock.nowMs() / 1000);
      return { body };
    });
    await call(watch, { intervalSecs: 30, progress: true });
    await pass(5 * minuteMs);
    const announced = sent(updated).map((params) => (params as { nextReadAt: number }).nextReadAt);
    expect(announced.length).toBe(readsAtSecs.length);
    for (const [index, nextReadAt] of announced.slice(0, -1).entries()) {
      expect(Math.abs(readsAtSecs[index + 1]! - nextReadAt)).toBeLessThanOrEqual(1);
    }
  }));

test('a client that has opted out of watchFailed gets only the limits', () =>
  withWatch(
    { capabilities: { optOutNotificationMethods: [failed] } },
    async ({ call, clock, backend, sent }) => {
      backend.script('usage', () => ({ status: 404, body: {} }));
      await call(watch);
      await clock.runUntil(() => backend.requests.length > 1);
      expect(sent(failed)).toEqual([]);
    },
  ));

test('a watch takes no stored read that is older than the last read of the client', () =>
  withWatch({ scenario: 'fresh' }, async ({ call, pass, backend, sentLimits }) => {
    const usedPercent = async (params: object): Promise<number | undefined> => {
      const { result } = (await call('account/rateLimits/read', params)) as {
        result: GetAccountRateLimitsResponse;
      };
      return result.rateLimits.primary?.usedPercent;
    };
    // This read is stored, and the next one is not.
    expect(await usedPercent({ maxAgeSecs: 0 })).toBe(0);
    backend.setScenario('at-limit');
    await pass(1_000);
    expect(await usedPercent({})).toBe(100);
    await call(watch);
    await pass(minuteMs);
    expect(sentLimits()).toEqual([]);
  }));
