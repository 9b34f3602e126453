import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';

const status = '{"id":"status","method":"getAuthStatus","params":{}}\n';

function consume(id: string): string {
  const params = { idempotencyKey: id };
  return `${JSON.stringify({ id, method: 'account/rateLimitResetCredit/consume', params })}\n`;
}

/** Returns the keys that reached the backend. */
function sentKeys({ backend }: AccountFixture): unknown[] {
  return backend.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => (JSON.parse(body) as { redeem_request_id: unknown }).redeem_request_id);
}

test('an idle server closes when its output breaks', () =>
  withAccount({}, async ({ server }) => {
    server.output.destroy(new Error('EPIPE'));
    await server.shutdown.closed;
    expect(server.lines).toHaveLength(1);
  }));

test('after the output breaks queued consumes are not sent, and a sent one is still awaited', () =>
  withAccount({}, async (fixture) => {
    const { server, backend } = fixture;
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('one') + consume('two') + status + consume('three'));
    const first = await nextConsume();
    let isClosed = false;
    const closed = server.shutdown.closed.then(() => {
      isClosed = true;
    });
    server.output.destroy(new Error('EPIPE'));
    // Without the consume the server would close within one exchange.
    await fetch(`${backend.url}/nowhere`);
    expect(isClosed).toBe(false);
    first.answer({ code: 'reset' });
    await closed;
    expect(sentKeys(fixture)).toEqual(['one']);
  }));

test('after the output breaks consumes beyond the limit of open requests are not sent either', () =>
  withAccount({}, async (fixture) => {
    const { server, backend } = fixture;
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(Array.from({ length: 1000 }, (_, index) => consume(`key-${index}`)).join(''));
    const first = await nextConsume();
    server.output.destroy(new Error('EPIPE'));
    first.answer({ code: 'reset' });
    await server.shutdown.closed;
    expect(sentKeys(fixture)).toEqual(['key-0']);
  }));

test('an output that is found broken at the next response ends the server', () =>
  withAccount({}, async ({ server }) => {
    server.output.destroy();
    server.write(status);
    await server.shutdown.closed;
    expect(server.lines).toHaveLength(1);
  }));

test('an output that is found broken at the response to a bad line ends the server', () =>
  withAccount({}, async ({ server }) => {
    server.output.destroy();
    server.write('nope\n');
    await server.shutdown.closed;
    expect(server.lines).toHaveLength(1);
  }));

test('after the first response that a broken output does not take no further consume is sent', () =>
  withAccount({}, async (fixture) => {
    const { server, backend } = fixture;
    const nextConsume = holdEndpoint(backend, 'consume');
    server.write(consume('one') + consume('two') + consume('three'));
    const first = await nextConsume();
    server.output.destroy();
    first.answer({ code: 'reset' });
    await server.shutdown.closed;
    expect(sentKeys(fixture)).toEqual(['one']);
  }));
