import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { answeredBy, rawReply } from '../../support/network/scripted-reply.js';

const readPrefix = 'failed to fetch codex rate limits';
const consumePrefix = 'failed to consume rate limit reset';
const usagePath = '/api/codex/usage';
const consumePath = '/api/codex/rate-limit-reset-credits/consume';

/** Returns the error for a request without a response. */
function unreachable(message: string, data: object = {}): object {
  return { error: { code: -32603, message, data: { kind: 'backendUnreachable', ...data } } };
}

test('with a closed port a read fails, a consume has redeemed nothing, and nothing is logged', async () => {
  const base = `http://127.0.0.1:${await closedPort()}`;
  const refused = {
    reason: 'connectionRefused',
    explanation: `cannot reach ${new URL(base).host}: connection refused; check the network, the proxy and the URL`,
  };
  await withAccount({ baseUrl: () => base }, async ({ server, read, consume }) => {
    expect(await read()).toEqual(
      unreachable(`${readPrefix}: error sending request for url (${base}${usagePath})`, refused),
    );
    expect(await consume()).toEqual(
      unreachable(`${consumePrefix}: error sending request for url (${base}${consumePath})`, {
        ...refused,
        outcomeKnown: true,
      }),
    );
    expect(server.log).toEqual([]);
  });
});

test.each([
  ['lost before the head', answeredBy((response) => response.destroy())],
  ['answered with something that is not HTTP', rawReply('no\r\n\r\n')],
  ['cut within the head', rawReply('HTTP/1.1 200 OK\r\nx-a')],
])(
  'a request %s fails like one that was not sent, and the outcome of a consume is unknown',
  (_what, script) =>
    withAccount({}, async ({ backend, read, consume }) => {
      backend.script('usage', script);
      backend.script('consume', script);
      expect(await read()).toEqual(
        unreachable(`${readPrefix}: error sending request for url (${backend.url}${usagePath})`),
      );
      expect(await consume()).toEqual(
        unreachable(`${consumePrefix}: error sending request for url (${backend.url}${consumePath})`, {
          outcomeKnown: false,
        }),
      );
    }),
);

test.each([
  ['200 OK', 'content-length: 99', '{"code":"reset"}'],
  ['200 OK', 'transfer-encoding: chunked', '10\r\n{"code":"reset"}\r\n'],
  ['200 OK', 'transfer-encoding: chunked', '10\r\n{"code":"reset"}\r\nzz\r\n'],
  ['500 Oops', 'content-length: 99', 'sorry'],
])('a body of %s with %s and the incomplete text %j is an error', (status, header, body) =>
  withAccount({}, async ({ backend, read, consume }) => {
    const script = rawReply(`HTTP/1.1 ${status}\r\n${header}\r\n\r\n${body}`);
    backend.script('usage', script);
    backend.script('consume', script);
    expect(await read()).toEqual(unreachable(`${readPrefix}: error decoding response body`));
    expect(await consume()).toEqual(
      unreachable(`${consumePrefix}: error decoding response body`, { outcomeKnown: false }),
    );
  }),
);

/** A base URL, and the end of the message. */
test.each([
  ['not a url', 'builder error'],
  ['127.0.0.1:9', 'builder error'],
  ['/relative', 'builder error'],
  ['http://127.0.0.1:99999', 'builder error'],
  ['', 'builder error'],
  ['http://127.0.0.1:9 ', 'builder error'],
  ['ftp://127.0.0.1:9/', 'builder error for url (ftp://127.0.0.1:9/api/codex/PATH)'],
  ['file:///tmp/x', 'builder error for url (file:///tmp/x/api/codex/PATH)'],
])('with the base URL %j no request can be sent', (base, ending) =>
  withAccount({ baseUrl: () => base }, async ({ read, consume }) => {
    const message = (prefix: string, path: string) => `${prefix}: ${ending.replace('PATH', path)}`;
    expect(await read()).toEqual({
      error: { code: -32603, message: message(readPrefix, 'usage'), data: { kind: 'configInvalid' } },
    });
    expect(await consume()).toEqual({
      error: {
        code: -32603,
        message: message(consumePrefix, 'rate-limit-reset-credits/consume'),
        data: { kind: 'configInvalid', outcomeKnown: true },
      },
    });
  }),
);

test('an error after a response has the URL as configured, and one without a response has the parsed URL', () =>
  withAccount({ baseUrl: (url) => `${url}/a b//` }, async ({ backend, read }) => {
    backend.script('usage', {
      status: 400,
      headers: { 'content-type': 'a/b', 'x-request-id': 'req-1' },
      body: '',
    });
    expect(await read()).toEqual({
      error: {
        code: -32603,
        message: `${readPrefix}: GET ${backend.url}/a b${usagePath} failed: 400 Bad Request; content-type=a/b; body=`,
        data: { kind: 'backendStatus', httpStatus: 400, requestId: 'req-1' },
      },
    });
    backend.script(
      'usage',
      answeredBy((response) => response.destroy()),
    );
    expect(await read()).toEqual(
      unreachable(`${readPrefix}: error sending request for url (${backend.url}/a%20b${usagePath})`),
    );
  }));

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
