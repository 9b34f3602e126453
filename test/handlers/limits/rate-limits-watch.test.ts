import { expect, test } from 'vitest';
import { hasLimitChanged } from '../../../src/limits/change.js';
import type { GetAccountRateLimitsResponse } from '../../../src/protocol/schema/rate-limits.js';
import { withWatch } from './watch-fixture.js';

const watch = 'account/rateLimits/watch';
const unwatch = 'account/rateLimits/unwatch';
const hourMs = 3_600_000;
const minuteMs = 60_000;

test('without a watch nothing is read and nothing is sent', () =>
  withWatch({}, async ({ pass, readsAtMs, sentLimits }) => {
    await pass(10 * hourMs);
    expect([readsAtMs, sentLimits()]).toEqual([[], []]);
  }));

test('in ten hours each change is sent once and complete, and a Retry-After lasts a quarter of an hour at most', () =>
  withWatch(
    { scenario: 'fresh' },
    async ({ call, pass, clock, backend, readsAtMs, otherRequests, sentLimits }) => {
      await call(watch);
      await pass(4 * hourMs);
      const before = { requests: readsAtMs.length, notifications: sentLimits().length };

      const pausedMs = clock.nowMs();
      backend.script('usage', () => {
        readsAtMs.push(clock.nowMs());
        return { status: 429, headers: { 'retry-after': '1767225600' }, body: {} };
      });
      await pass(hourMs);
      backend.script('usage', () => {
        readsAtMs.push(clock.nowMs());
        return undefined;
      });
      const during = readsAtMs.filter((atMs) => atMs >= pausedMs).length;
      await pass(5 * hourMs);

      const waits = readsAtMs.slice(1).map((atMs, index) => atMs - readsAtMs[index]!);
      expect({
        before,
        during,
        all: { requests: readsAtMs.length, notifications: sentLimits().length },
        leastWaitMs: Math.min(...waits),
        longestWaitMs: Math.max(...waits),
        otherRequests: otherRequests(),
      }).toEqual({
        before: { requests: 216, notifications: 283 },
        during: 4,
        all: { requests: 464, notifications: 494 },
        leastWaitMs: 25_725,
        longestWaitMs: 945_000,
        otherRequests: 0,
      });

      // The read of the client ends after the next read of the watch.
      const requests = readsAtMs.length;
      await clock.runUntil(() => readsAtMs.length > requests);
      await pass(1);
      const { result } = (await call('account/rateLimits/read')) as {
        result: GetAccountRateLimitsResponse;
      };
      for (const [limitId, snapshot] of Object.entries(result.rateLimitsByLimitId ?? {})) {
        const sent = sentLimits().filter((limit) => limit.limitId === limitId);
        expect(hasLimitChanged(sent.at(-1), snapshot)).toBe(false);
        expect(Object.keys(sent.at(-1) ?? {})).toEqual(Object.keys(snapshot));
        expect(sent.slice(1).every((limit, index) => hasLimitChanged(sent[index], limit))).toBe(true);
      }
    },
  ));

test('an unchanged limit is read less and less often, and is not sent again', () =>
  withWatch({}, async ({ call, pass, readsAtMs, sentLimits, backend, clock }) => {
    const body = {
      rate_limit: {
        allowed: true,
        primary_window: { used_percent: 20, limit_window_seconds: 18_000, reset_at: 4e9 },
      },
    };
    backend.script('usage', () => {
      readsAtMs.push(clock.nowMs());
      // The reset time differs by a second.
      body.rate_limit.primary_window.reset_at = 4e9 + (readsAtMs.length % 3);
      return { body };
    });
    await call(watch);
    await pass(10 * hourMs);
    expect(sentLimits()).toEqual([]);
    expect(readsAtMs.length).toBeLessThan(125);
    expect(readsAtMs.at(-1)! - readsAtMs.at(-2)!).toBe(5 * minuteMs * 1.05);
  }));

test('an idle account is read less and less often, and its moving reset time is still sent', () =>
  withWatch({}, async ({ call, pass, readsAtMs, sentLimits, backend, clock }) => {
    backend.script('usage', () => {
      readsAtMs.push(clock.nowMs());
      const reset_at = clock.nowMs() / 1_000 + 18_000;
      return {
        body: {
          rate_limit: {
            allowed: true,
            primary_window: { used_percent: 0, limit_window_seconds: 18_000, reset_at },
          },
        },
      };
    });
    await call(watch);
    await pass(10 * hourMs);
    expect(readsAtMs.length).toBeLessThan(125);
    const staleSecs = clock.nowMs() / 1_000 + 18_000 - (sentLimits().at(-1)?.primary?.resetsAt ?? 0);
    expect(staleSecs).toBeLessThan(25 * 60);
  }));

test('a permission or a number of credits that changes alone is sent with the ordinary limit', () =>
  withWatch({}, async ({ call, pass, sentLimits, backend }) => {
    const read = { allowed: false, credits: 1 };
    const primary_window = { used_percent: 20, limit_window_seconds: 18_000, reset_at: 4e9 };
    backend.script('usage', () => ({
      body: {
        account_id: 'account-dev',
        user_id: 'user-dev',
        rate_limit: { allowed: read.allowed, primary_window },
        rate_limit_reset_credits: { available_count: read.credits },
      },
    }));
    // The list has another number of credits.
    await call('account/rateLimits/read');
    await call(watch);
    await pass(10 * minuteMs);
    expect(sentLimits()).toEqual([]);
    read.allowed = true;
    await pass(10 * minuteMs);
    read.credits = 3;
    await pass(10 * minuteMs);
    expect(sentLimits().map(({ limitId, primary }) => [limitId, primary?.usedPercent])).toEqual([
      ['codex', 20],
      ['codex', 20],
    ]);
  }));

test('only changes since the last read of the client are sent', () =>
  withWatch({ scenario: 'one-window' }, async ({ call, pass, server, sentLimits }) => {
    await call('account/rateLimits/read');
    await call(watch);
    await pass(5 * minuteMs);
    // The other limit fills by one percent per minute; the weekly window has not changed.
    expect(sentLimits().map(({ limitId, primary }) => [limitId, primary?.usedPercent])).toEqual(
      [11, 12, 13, 14].map((percent) => ['codex_extra', percent]),
    );
    expect(JSON.parse(server.lines.at(-1)!)).toEqual({
      method: 'account/rateLimits/updated',
      params: {
        rateLimits: sentLimits().at(-1),
        ordinaryUsageAllowed: true,
        accountId: 'account-dev',
      },
      emittedAtMs: expect.any(Number),
    });
  }));

test('unwatch ends the watch, even during a read', () =>
  withWatch({}, async ({ call, pass, clock, backend, readsAtMs, sentLimits }) => {
    await call('account/rateLimits/read');
    await call(watch, { intervalSecs: 15 });
    await pass(2 * minuteMs);
    const asked = new Promise<() => void>((resolve) => {
      backend.script('usage', (_request, response) => {
        resolve(() => response.end('{}'));
        return 'handled';
      });
    });
    const passing = clock.pass(20_000, 0);
    const answer = await asked;
    expect(await call(unwatch)).toEqual({ result: {} });
    answer();
    const sent = [readsAtMs.length, sentLimits().length];
    await passing;
    await pass(hourMs);
    expect([readsAtMs.length, sentLimits().length]).toEqual(sent);
    expect(await call(unwatch)).toEqual({ result: {} });
  }));

test('a second watch replaces the first', () =>
  withWatch({ scenario: 'no-credits' }, async ({ call, pass, readsAtMs }) => {
    expect(await call(watch, { intervalSecs: 30 })).toEqual({ result: { intervalSecs: 30 } });
    await pass(10 * minuteMs);
    expect(await call(watch, { intervalSecs: 3_600 })).toEqual({ result: { intervalSecs: 3_600 } });
    const before = readsAtMs.length;
    await pass(50 * minuteMs);
    expect(readsAtMs).toHaveLength(before + 1);
  }));

test.each([
  [undefined, 60],
  [{}, 60],
  [{ intervalSecs: null }, 60],
  [{ intervalSecs: 1 }, 15],
  [{ intervalSecs: 1e9 }, 3_600],
  [[30], 30],
])('the interval of %j is %i seconds', (params, intervalSecs) =>
  withWatch({}, async ({ call }) => {
    expect(await call(watch, params as object)).toEqual({ result: { intervalSecs } });
  }),
);

test.each([[{ intervalSecs: '60' }], [{ intervalSecs: 1.5 }], [{ intervalSecs: true }]])(
  '%j is refused',
  (params) =>
    withWatch({}, async ({ call, pass, readsAtMs }) => {
      expect(await call(watch, params)).toMatchObject({
        error: { code: -32600, data: { kind: 'invalidRequest', member: 'intervalSecs' } },
      });
      await pass(hourMs);
      expect(readsAtMs).toEqual([]);
    }),
);

test('a client that has opted out of the notification causes no reads', () =>
  withWatch(
    { capabilities: { optOutNotificationMethods: ['account/rateLimits/updated'] } },
    async (fixture) => {
      expect(await fixture.call(watch)).toEqual({ result: { intervalSecs: 60 } });
      await fixture.pass(hourMs);
      expect([fixture.readsAtMs, fixture.sentLimits()]).toEqual([[], []]);
    },
  ));

test('a watch ends at once with its connection, even during a read', () =>
  withWatch({}, async ({ call, server, backend }) => {
    const asked = new Promise<void>((resolve) => {
      backend.script('usage', () => {
        resolve();
        return 'handled';
      });
    });
    await call(watch);
    await asked;
    await server.end();
    expect(server.log).toEqual([]);
  }));

test('while no one is signed in there are no requests and no limits', () =>
  withWatch({ auth: 'none' }, async ({ call, pass, backend, sentLimits, server }) => {
    await call(watch);
    await pass(hourMs);
    expect([backend.requests, sentLimits(), server.log]).toEqual([[], [], []]);
  }));
