import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

test.each(['5', 'Thu, 01 Jan 2026 00:00:05 GMT'])(
  'until a Retry-After of %j has passed reads are not sent, but a consume is',
  (retryAfter) =>
    withAccount({ clock: createManualClock() }, async ({ backend, read, consume }) => {
      backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': retryAfter } });
      const first = await read();
      expect(await read()).toEqual(first);
      expect(first).toMatchObject({ error: { data: { kind: 'rateLimited', retryAfterMs: 5000 } } });
      await consume();
      expect(backend.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    }),
);

test('a read during the Retry-After of an earlier read fails at once with the remaining delay', () => {
  const clock = createManualClock();
  let passedMs = 0;
  return withAccount({ clock: { ...clock, monotonicMs: () => passedMs } }, async ({ backend, read }) => {
    backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': '5' } });
    await read();
    passedMs += 4000;
    expect(await read()).toMatchObject({ error: { data: { kind: 'rateLimited', retryAfterMs: 1000 } } });
    passedMs += 1000;
    backend.script('usage', { body: { plan_type: 'pro' } });
    expect(await read()).toMatchObject({ result: { rateLimits: { planType: 'pro' } } });
    expect(backend.requests).toHaveLength(2);
  });
});

const threeDaysMs = 3 * 24 * 60 * 60_000;

test.each([-threeDaysMs, threeDaysMs])(
  'a change of the system time by %d ms does not change a pause',
  (byMs) => {
    const clock = createLeapingClock([]);
    return withAccount({ clock }, async ({ backend, read }) => {
      backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': '3' } });
      await read();
      clock.changeTime(byMs);
      expect(await read()).toMatchObject({ error: { data: { kind: 'rateLimited', retryAfterMs: 3000 } } });
      clock.leap(3000);
      backend.script('usage', { body: { plan_type: 'pro' } });
      expect(await read()).toMatchObject({ result: { rateLimits: { planType: 'pro' } } });
      expect(backend.requests).toHaveLength(2);
    });
  },
);

test('a Retry-After that is a Unix time delays reads for a quarter of an hour', () => {
  const clock = createLeapingClock([]);
  return withAccount({ clock }, async ({ backend, read }) => {
    backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': '1767225600' } });
    await read();
    clock.leap(15 * 60_000 - 1);
    expect(await read()).toMatchObject({ error: { data: { kind: 'rateLimited', retryAfterMs: 1 } } });
    clock.leap(1);
    backend.script('usage', { body: {} });
    expect(await read()).toMatchObject({ result: {} });
  });
});
