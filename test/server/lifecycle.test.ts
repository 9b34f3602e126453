import { describe, expect, test } from 'vitest';
import { type AccountFixture, type AccountFixtureOptions, withAccount } from '../support/account-fixture.js';
import { type HeldRequest, holdEndpoint } from '../support/network/held-endpoint.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import type { MemoryServer } from '../support/memory-server.js';

const drainMs = 30_000;
const consumeMs = 10_000;
const reset = { code: 'reset' };
const read = '{"id":"read","method":"account/rateLimits/read","params":{"excludeResetCreditDetails":true}}\n';
const status = '{"id":"status","method":"getAuthStatus","params":{}}\n';
const statusAnswer =
  '{"id":"status","result":{"authMethod":"chatgpt","authToken":null,"requiresOpenaiAuth":true}}';

function consume(id: string): string {
  const params = { idempotencyKey: id };
  return `${JSON.stringify({ id, method: 'account/rateLimitResetCredit/consume', params })}\n`;
}

function consumed(id: string): string {
  return `{"id":"${id}","result":{"outcome":"reset"}}`;
}

function shutDown(id: string, details = ''): string {
  return `{"error":{"code":-32603,"message":"server is shutting down","data":{"kind":"shuttingDown"${details}}},"id":"${id}"}`;
}

/** Returns a function that returns whether the server has closed. */
function noteClosing({ shutdown }: MemoryServer): () => boolean {
  let isClosed = false;
  void shutdown.closed.then(() => {
    isClosed = true;
  });
  return () => isClosed;
}

/** Returns the keys that reached the backend. */
function sentKeys({ backend }: AccountFixture): unknown[] {
  return backend.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => (JSON.parse(body) as { redeem_request_id: unknown }).redeem_request_id);
}

/** The open exchanges of a server with a read, a consume and three queued requests. */
interface Held {
  readonly usage: HeldRequest;
  readonly first: HeldRequest;
  nextConsume(): Promise<HeldRequest>;
}

function withBusyServer(
  options: AccountFixtureOptions,
  act: (fixture: AccountFixture, held: Held) => Promise<void>,
): Promise<void> {
  return withAccount(options, async (fixture) => {
    const nextUsage = holdEndpoint(fixture.backend, 'usage');
    const nextConsume = holdEndpoint(fixture.backend, 'consume');
    fixture.server.write(read + consume('one') + consume('two') + status + consume('three'));
    await act(fixture, { usage: await nextUsage(), first: await nextConsume(), nextConsume });
  });
}

describe('the end of input', () => {
  test('an idle server closes at the end of its input', () =>
    withAccount({}, async ({ server }) => {
      expect(await server.end()).toHaveLength(1);
    }));

  test('a server without any request closes at the end of its input', () =>
    withAccount({ isInitialized: false }, async ({ server }) => {
      expect(await server.end()).toEqual([]);
    }));

  test('requests in the same write as the end of input are answered, the last one without its newline', () =>
    withAccount({}, async ({ server }) => {
      server.write(consume('one') + status.trim());
      expect((await server.end()).slice(1)).toEqual([
        '{"id":"one","result":{"outcome":"nothingToReset"}}',
        statusAnswer,
      ]);
    }));
});

test.each([
  ['the end of input', ({ server }: AccountFixture) => void server.end()],
  ['a drain', ({ server }: AccountFixture) => server.shutdown.drain()],
])('after %s all requests that were read are executed and answered, then the server closes', (_what, stop) =>
  withBusyServer({}, async (fixture, { usage, first, nextConsume }) => {
    const { server } = fixture;
    const isClosed = noteClosing(server);
    stop(fixture);
    usage.answer({});
    const [, readAnswer] = await server.untilLines(2);
    first.answer(reset);
    (await nextConsume()).answer(reset);
    const last = await nextConsume();
    expect(await server.untilLines(5)).toHaveLength(5);
    expect(isClosed()).toBe(false);
    last.answer(reset);
    await server.shutdown.closed;
    expect(readAnswer).toMatch(/^\{"id":"read","result":\{"rateLimits":/);
    expect(server.lines.slice(2)).toEqual([
      consumed('one'),
      consumed('two'),
      statusAnswer,
      consumed('three'),
    ]);
  }),
);

test('after a drain no more input is read', () =>
  withBusyServer({}, async ({ server }, { usage, first, nextConsume }) => {
    server.shutdown.drain();
    server.write(status);
    usage.answer({});
    first.answer(reset);
    (await nextConsume()).answer(reset);
    (await nextConsume()).answer(reset);
    await server.shutdown.closed;
    expect(server.lines).toHaveLength(6);
  }));

test('30 s after the end of input queued requests are refused, and a sent consume is still awaited', () => {
  const clock = createManualClock();
  return withBusyServer({ clock }, async (fixture, { first }) => {
    const { server } = fixture;
    const isClosed = noteClosing(server);
    const ended = server.end();
    await clock.untilSet(drainMs);
    expect(server.lines).toHaveLength(1);
    clock.fire(drainMs);
    const refused = (await server.untilLines(5)).slice(1);
    expect(new Set(refused)).toEqual(
      new Set([
        shutDown('read'),
        shutDown('status'),
        shutDown('two', ',"outcomeKnown":true'),
        shutDown('three', ',"outcomeKnown":true'),
      ]),
    );
    expect(isClosed()).toBe(false);
    first.answer(reset);
    expect((await ended).slice(5)).toEqual([consumed('one')]);
    expect(sentKeys(fixture)).toEqual(['one']);
  });
});

test('a closed server leaves no timer', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ server }) => {
    server.write(read + consume('one') + status);
    expect(await server.end()).toHaveLength(4);
    expect(clock.openDelaysMs()).toEqual([]);
  });
});

test('a sent consume is awaited within its own limit', () => {
  const clock = createManualClock();
  return withBusyServer({ clock }, async (fixture) => {
    const { server } = fixture;
    const ended = server.end();
    await clock.untilSet(drainMs);
    clock.fire(drainMs);
    await server.untilLines(5);
    clock.fire(consumeMs);
    expect((await ended).slice(5)).toEqual([
      '{"error":{"code":-32603,"message":"rate limit reset consume timed out","data":{"kind":"timedOut","outcomeKnown":false}},"id":"one"}',
    ]);
    expect(sentKeys(fixture)).toEqual(['one']);
  });
});
