import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';

const reset = { code: 'reset' };

function line(id: string | number, method: string, params: object = {}): string {
  return `${JSON.stringify({ id, method, params })}\n`;
}

function consume(id: string, idempotencyKey = id): string {
  return line(id, 'account/rateLimitResetCredit/consume', { idempotencyKey });
}

/** Returns a read that sends one request. Two reads with different params do not share a fetch. */
function read(id: string, supportsLunaReserve = false): string {
  return line(id, 'account/rateLimits/read', { supportsLunaReserve, excludeResetCreditDetails: true });
}

function idsOf(lines: readonly string[]): unknown[] {
  return lines.slice(1).map((text) => (JSON.parse(text) as { id: unknown }).id);
}

test('account requests are executed and answered in their order', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('a') + line('b', 'getAuthStatus') + line('c', 'account/read'));
    server.write(consume('d') + line('e', 'getAuthStatus') + read('free'));
    const first = await nextConsume();
    expect(idsOf(await server.untilLines(2))).toEqual(['free']);
    first.answer(reset);
    const second = await nextConsume();
    expect(idsOf(await server.untilLines(5))).toEqual(['free', 'a', 'b', 'c']);
    second.answer(reset);
    expect(idsOf(await server.untilLines(7))).toEqual(['free', 'a', 'b', 'c', 'd', 'e']);
  }));

test('consumes are sent one after the other, in their order, and never overlap', () =>
  withAccount({}, async ({ server, backend }) => {
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
    const seen: { key: unknown; running: number }[] = [];
    let running = 0;
    backend.script('consume', ({ body }, response) => {
      running += 1;
      seen.push({ key: (JSON.parse(body) as { redeem_request_id: unknown }).redeem_request_id, running });
      void setImmediate().then(() => {
        running -= 1;
        response.end(JSON.stringify(reset));
      });
      return 'handled';
    });
    server.write(keys.map((key) => consume(key)).join(''));
    expect(idsOf(await server.untilLines(51))).toEqual(keys);
    expect(seen).toEqual(keys.map((key) => ({ key, running: 1 })));
  }));

test('the next consume is sent after one that fails', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('a') + consume('b'));
    (await nextConsume()).answer({}, 400);
    (await nextConsume()).answer(reset);
    expect((await server.untilLines(3))[2]).toBe('{"id":"b","result":{"outcome":"reset"}}');
  }));

test('a read overtakes a running consume', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('slow'));
    const running = await nextConsume();
    server.write(read('quick'));
    expect(idsOf(await server.untilLines(2))).toEqual(['quick']);
    running.answer(reset);
    expect(idsOf(await server.untilLines(3))).toEqual(['quick', 'slow']);
  }));

test('a running read does not delay an account request', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextUsage = holdEndpoint(backend, 'usage');
    server.write(read('slow'));
    const running = await nextUsage();
    server.write(consume('a') + line('b', 'getAuthStatus'));
    expect(idsOf(await server.untilLines(3))).toEqual(['a', 'b']);
    running.answer({});
    expect(idsOf(await server.untilLines(4))).toEqual(['a', 'b', 'slow']);
  }));

test('reads run concurrently and are answered as they finish', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextUsage = holdEndpoint(backend, 'usage');
    server.write(read('first'));
    const first = await nextUsage();
    server.write(read('second', true));
    const second = await nextUsage();
    second.answer({});
    await server.untilLines(2);
    first.answer({});
    expect(idsOf(await server.untilLines(3))).toEqual(['second', 'first']);
  }));

test.each([
  ['an unknown method', 'nope', {}],
  ['malformed params of a queued method', 'getAuthStatus', { includeToken: 1 }],
  ['a consume without a key', 'account/rateLimitResetCredit/consume', {}],
  ['a second initialize', 'initialize', { clientInfo: { name: 'n', version: '1' } }],
])('the refusal of %s overtakes a running consume', (_what, method, params) =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('slow') + line('waiting', 'getAuthStatus') + line('refused', method, params));
    const running = await nextConsume();
    expect(idsOf(await server.untilLines(2))).toEqual(['refused']);
    running.answer(reset);
    expect(idsOf(await server.untilLines(4))).toEqual(['refused', 'slow', 'waiting']);
  }),
);

test('a consume with an empty key waits in the queue before it is refused', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('slow') + consume('empty', '') + line('refused', 'nope'));
    const running = await nextConsume();
    expect(idsOf(await server.untilLines(2))).toEqual(['refused']);
    running.answer(reset);
    expect((await server.untilLines(4)).slice(2)).toEqual([
      '{"id":"slow","result":{"outcome":"reset"}}',
      '{"error":{"code":-32600,"message":"idempotencyKey must not be empty","data":{"kind":"invalidRequest","member":"idempotencyKey","outcomeKnown":true}},"id":"empty"}',
    ]);
  }));

test('input is read no faster than it is processed', () =>
  withAccount({}, async ({ server, backend }) => {
    const nextConsume = holdEndpoint(backend, 'consume');
    const waiting = Array.from({ length: 1000 }, (_, index) => line(index, 'getAuthStatus'));
    server.write(consume('slow') + waiting.join('') + line('late', 'nope'));
    const running = await nextConsume();
    // A message takes one turn of the event loop: otherwise the last one would be answered by this time.
    for (let turn = 0; turn < 2000; turn += 1) await setImmediate();
    expect(idsOf(server.lines)).toEqual([]);
    running.answer(reset);
    expect(idsOf(await server.untilLines(1003))).toContain('late');
  }));

test('2000 requests in one write get one response each, those of the queue in their order', () =>
  withAccount({}, async ({ server }) => {
    const ids = Array.from({ length: 2000 }, (_, index) => index);
    const kinds = [
      (id: number) => line(id, 'getAuthStatus'),
      (id: number) => line(id, 'nope'),
      (id: number) => line(id, 'account/read'),
      (id: number) => line(id, 'account/rateLimits/read', { excludeResetCreditDetails: true }),
    ];
    server.write(ids.map((id) => kinds[id % kinds.length]?.(id)).join(''));
    const answered = idsOf(await server.untilLines(2001)) as number[];
    expect(answered.toSorted((one, other) => one - other)).toEqual(ids);
    const isQueued = (id: number): boolean => id % 2 === 0;
    expect(answered.filter(isQueued)).toEqual(ids.filter(isQueued));
    expect(await server.end()).toHaveLength(2001);
  }));
