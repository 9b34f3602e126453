import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../src/backend/request/retry.js';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import { withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, idTokenWith } from '../../support/auth-file.js';
import { createLeapingClock } from '../../support/clocks/leaping-clock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

/** Tokens that are not due for a refresh. */
const fresh = { last_refresh: new Date().toISOString() };

const attempt = { repeatability: 'read', count: 1, elapsedMs: 0, windowMs: 2000, random: 0 } as const;
const connection = { kind: 'connection' } as const;
const status = (code: number, retryAfterMs?: number) =>
  ({ kind: 'status', status: code, retryAfterMs }) as const;

test.each([
  ['a lost connection', { failure: connection }, 50],
  ['a lost connection, with jitter', { failure: connection, random: 0.5 }, 75],
  ['the second failure', { failure: connection, count: 2 }, 100],
  ['the third failure', { failure: connection, count: 3 }, null],
  ['a keyed change', { failure: connection, repeatability: 'keyed' }, 50],
  ['a change without a key', { failure: connection, repeatability: 'never' }, null],
  ['502', { failure: status(502) }, 50],
  ['503', { failure: status(503) }, 50],
  ['504', { failure: status(504) }, 50],
  ['503 with a Retry-After', { failure: status(503, 1000) }, 1000],
  ['503 with a Retry-After that does not fit', { failure: status(503, 2000) }, null],
  ['429', { failure: status(429) }, null],
  ['429 with a Retry-After', { failure: status(429, 1500) }, 1500],
  ['429 with a Retry-After that no longer fits', { failure: status(429, 1500), elapsedMs: 600 }, null],
  ['500', { failure: status(500) }, null],
  ['401', { failure: status(401) }, null],
  ['404', { failure: status(404) }, null],
  ['a body that cannot be read', { failure: { kind: 'other' } }, null],
  ['no time left', { failure: connection, elapsedMs: 1950 }, null],
] as const)('after %s the next attempt comes as decided', (_, change, delayMs) => {
  expect(retryDelayMs({ ...attempt, ...change })).toBe(delayMs);
});

test('a consume is sent again with the same key and credit, and the last outcome is the answer', () =>
  withAccount({}, async ({ backend, call }) => {
    let sent = 0;
    backend.script('consume', () => {
      sent += 1;
      return sent < 3 ? { status: 503, body: 'later' } : { body: { code: 'already_redeemed' } };
    });
    const params = { idempotencyKey: 'k', creditId: 'c' };
    expect(await call('account/rateLimitResetCredit/consume', params)).toEqual({
      result: { outcome: 'alreadyRedeemed' },
    });
    expect(backend.requests.map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => '{"redeem_request_id":"k","credit_id":"c"}'),
    );
  }));

test('a consume is sent again to the same backend even if config.toml has changed', () =>
  withAccount({}, async ({ backend, configPath, consume }) => {
    const other = await startDevBackend({ scenario: 'fresh' });
    let sent = 0;
    backend.script('consume', () => {
      sent += 1;
      writeFileSync(configPath, readFileSync(configPath, 'utf8').replaceAll(backend.url, other.url));
      return sent === 1 ? { status: 503, body: 'later' } : { body: { code: 'already_redeemed' } };
    });
    try {
      expect(await consume()).toEqual({ result: { outcome: 'alreadyRedeemed' } });
      expect([sent, other.requests]).toEqual([2, []]);
      await consume();
      expect([sent, other.requests.length]).toEqual([2, 1]);
    } finally {
      await other.close();
    }
  }));

test('the outcome stays unknown if an unclear attempt is followed by a refusal', () =>
  withAccount({}, async ({ backend, consume }) => {
    let sent = 0;
    backend.script('consume', () => {
      sent += 1;
      return sent === 1 ? { status: 502, body: '' } : { status: 404, body: '' };
    });
    expect(await consume()).toMatchObject({ error: { data: { httpStatus: 404, outcomeKnown: false } } });
  }));

const threeDaysMs = 3 * 24 * 60 * 60_000;

test.each([-threeDaysMs, threeDaysMs])(
  'a consume is sent again even if the system time changes by %d ms meanwhile',
  (byMs) => {
    const clock = createLeapingClock([]);
    return withAccount({ clock }, async ({ backend, consume }) => {
      let sent = 0;
      backend.script('consume', () => {
        sent += 1;
        clock.changeTime(byMs);
        return sent < 3 ? { status: 503, body: 'later' } : { body: { code: 'reset' } };
      });
      expect(await consume()).toEqual({ result: { outcome: 'reset' } });
    });
  },
);

test('a read is sent again after its Retry-After even if only the timer says that it has passed', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ backend, read }) => {
    backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': '1' } });
    const answer = read();
    await clock.untilSet(1000);
    backend.script('usage', { body: { plan_type: 'pro' } });
    clock.fire(1000);
    expect(await answer).toMatchObject({ result: { rateLimits: { planType: 'pro' } } });
  });
});

test('the Retry-After of one backend does not apply to another one', () =>
  withAccount({ clock: createManualClock() }, async ({ backend, configPath, read }) => {
    backend.script('usage', { status: 429, body: 'slow', headers: { 'retry-after': '60' } });
    await read();
    backend.script('usage', { body: { plan_type: 'pro' } });
    writeFileSync(configPath, `chatgpt_base_url = "http://localhost:${backend.port}"`);
    expect(await read()).toMatchObject({ result: { rateLimits: { planType: 'pro' } } });
  }));

test('a consume waits for a Retry-After date within its time limit', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ backend, consume }) => {
    const headers = { 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' };
    backend.script('consume', { status: 429, body: 'slow', headers });
    const answer = consume();
    await clock.untilSet(5000);
    backend.script('consume', { body: { code: 'reset' } });
    clock.fire(5000);
    expect(await answer).toEqual({ result: { outcome: 'reset' } });
    expect(backend.requests).toHaveLength(2);
  });
});

test('a read does not share a request that began before a consume ended', () =>
  withAccount({}, async ({ backend, server, consume }) => {
    const held: (() => void)[] = [];
    backend.script('usage', (_request, response) => {
      const stage = held.length;
      held.push(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ plan_type: stage === 0 ? 'free' : 'pro' }));
        if (stage === 1) held[0]?.();
      });
      if (stage === 1) held[1]?.();
      return 'handled';
    });
    const params = { excludeResetCreditDetails: true };
    const before = server.request('account/rateLimits/read', params);
    await consume();
    const after = server.request('account/rateLimits/read', params);
    const plans = await Promise.all([before, after]);
    expect(plans).toMatchObject([
      { result: { rateLimits: { planType: 'free' } } },
      { result: { rateLimits: { planType: 'pro' } } },
    ]);
  }));

test('consumes with the same key and credit at the same time are one request', () =>
  withAccount({}, async ({ backend, server }) => {
    backend.script('consume', { delayMs: 200 });
    const params = { idempotencyKey: 'k' };
    const answers = await Promise.all(
      [params, params, { ...params, creditId: 'credit-1' }, params].map((consume) =>
        server.request('account/rateLimitResetCredit/consume', consume),
      ),
    );
    expect(answers.map(({ id }) => id)).toEqual([2, 3, 4, 5]);
    expect(backend.requests.map(({ body }) => body)).toEqual([
      '{"redeem_request_id":"k"}',
      '{"redeem_request_id":"k","credit_id":"credit-1"}',
    ]);
  }));

test('after a 401 a consume is sent again with the new tokens in auth.json and the same key', () =>
  withAccount({}, async ({ backend, authPath, call }) => {
    const file = JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object };
    backend.script('consume', ({ headers }) => {
      if (headers.authorization === 'Bearer renewed') return { body: { code: 'reset' } };
      writeFileSync(
        authPath,
        JSON.stringify({ ...file, tokens: { ...file.tokens, access_token: 'renewed' } }),
      );
      return { status: 401, body: '' };
    });
    expect(await call('account/rateLimitResetCredit/consume', { idempotencyKey: 'k' })).toEqual({
      result: { outcome: 'reset' },
    });
    expect(backend.requests.map(({ body }) => body)).toEqual([
      '{"redeem_request_id":"k"}',
      '{"redeem_request_id":"k"}',
    ]);
  }));

test('if the renewed login is refused too, the first error is the answer', () =>
  withAccount({}, async ({ backend, authPath, read }) => {
    const file = JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object };
    backend.script('usage', ({ headers }) => {
      if (headers.authorization === 'Bearer renewed') return { status: 401, body: 'second' };
      const tokens = { ...file.tokens, access_token: 'renewed' };
      writeFileSync(authPath, JSON.stringify({ ...file, tokens }));
      return { status: 401, body: 'first' };
    });
    expect(await read()).toMatchObject({ error: { message: expect.stringMatching(/body=first$/) } });
    expect(backend.requests).toHaveLength(2);
  }));

test('a consume is not sent again for another user of the same account', () =>
  withAccount({ auth: chatgptLogin({}, fresh) }, async ({ backend, authPath, consume }) => {
    backend.script('consume', () => {
      const id_token = idTokenWith({ chatgpt_user_id: 'user-two' });
      writeJson(authPath, chatgptLogin({ id_token, access_token: 'other' }, fresh));
      return { status: 401, body: '' };
    });
    expect(await consume()).toMatchObject({ error: { data: { kind: 'unauthorized', outcomeKnown: true } } });
    expect(backend.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer canary-access-token',
    ]);
  }));
