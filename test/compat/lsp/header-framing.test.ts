import { describe, expect, test } from 'vitest';
import { unsignedJwt } from '../../../src/dev-backend/issuer/login-tokens.js';
import { withAccount } from '../../support/account-fixture.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';
import {
  cancelMessage as cancel,
  createHeaderClient,
  initializeMessage,
  readMessage as read,
  withHeaderClient,
} from './header-frames.js';

const status = { jsonrpc: '2.0', id: 'status', method: 'getAuthStatus', params: {} };
const statusAnswer =
  '{"jsonrpc":"2.0","id":"status","result":{"authMethod":"chatgpt","authToken":null,"requiresOpenaiAuth":true}}';
const badHeader =
  '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: no Content-Length header","data":{"kind":"parseError"}},"id":null}';

describe('frames', () => {
  test('responses are framed by their length in bytes and have jsonrpc 2.0', () =>
    withHeaderClient(async (client) => {
      client.write({ ...read('é😀'), method: 'no😀' });
      const [first, second] = await client.untilBodies(2);
      expect(first).toMatch(/^\{"jsonrpc":"2.0","id":"initialize","result":\{"userAgent":"é😀\/0\.171\.0 /);
      expect(second).toMatch(
        /^\{"jsonrpc":"2.0","error":\{"code":-32600,"message":"Invalid request: .*`no😀`/,
      );
      expect(second).toMatch(/,"id":"é😀"\}$/);
    }));

  test.each([
    [
      'other headers before it',
      'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ',
    ],
    ['other headers after it', 'Content-Length: ', '\r\nContent-Type: x'],
    ['another case of its name', 'cOnTeNt-lEnGtH: '],
    ['no blank before the number', 'Content-Length:'],
    ['blanks around the number', 'Content-Length: \t ', ' '],
  ])('a length with %s is read', (_what, before, after = '') =>
    withHeaderClient(async (client) => {
      const body = JSON.stringify(status);
      client.write(`${before}${Buffer.byteLength(body)}${after}\r\n\r\n${body}`);
      const [, answer] = await client.untilBodies(2);
      expect(answer).toBe(statusAnswer);
    }),
  );

  test.each([
    ['no number', 'Content-Length: x\r\n\r\n'],
    ['a negative number', 'Content-Length: -1\r\n\r\n'],
    ['a fraction', 'Content-Length: 1.5\r\n\r\n'],
    ['another header alone', 'Content-Type: x\r\n\r\n'],
    ['nothing', '\r\n\r\n'],
    ['a header that never ends', 'x'.repeat(10_000)],
  ])('a header with %s is answered with an error, and nothing after it is read', (_what, header) =>
    withHeaderClient(async (client, { server }) => {
      client.write(header, status);
      await client.untilBodies(2);
      await server.end();
      const [, ...rest] = await client.untilBodies(2);
      expect(rest).toEqual([badHeader]);
    }),
  );

  test('an empty body is not JSON, and the next one is read', () =>
    withHeaderClient(async (client) => {
      client.write('Content-Length: 0\r\n\r\n', status);
      const [, refused, answer] = await client.untilBodies(3);
      expect(JSON.parse(refused ?? '')).toMatchObject({ error: { code: -32700 }, id: null });
      expect(answer).toBe(statusAnswer);
    }));

  test('a body that is too long is refused and skipped', () =>
    withHeaderClient(async (client, { server }) => {
      const mebibyte = Buffer.alloc(1024 * 1024, 'x');
      client.write(`Content-Length: ${65 * mebibyte.length}\r\n\r\n`);
      for (let sent = 0; sent < 65; sent += 1) server.write(mebibyte);
      client.write(status);
      const [, refused, answer] = await client.untilBodies(3);
      expect(JSON.parse(refused ?? '')).toMatchObject({
        error: { code: -32600, message: 'Invalid request: message above 64 MiB' },
        id: null,
      });
      expect(answer).toBe(statusAnswer);
    }));

  test('a body that is not UTF-8 is refused, and the next one is read', () =>
    withHeaderClient(async (client, { server }) => {
      client.write('Content-Length: 1\r\n\r\n');
      server.write(Buffer.from([0xff]));
      client.write(status);
      const [, refused, answer] = await client.untilBodies(3);
      expect(JSON.parse(refused ?? '')).toMatchObject({ error: { code: -32700 }, id: null });
      expect(answer).toBe(statusAnswer);
    }));
});

describe('$/cancelRequest', () => {
  test('a cancelled read is answered at once, with its own id', () =>
    withHeaderClient(async (client, { backend }) => {
      const nextUsage = holdEndpoint(backend, 'usage');
      client.write(read('5'));
      await nextUsage();
      client.write(cancel({ id: 5 }), cancel({ id: '5' }));
      const [, answer] = await client.untilBodies(2);
      expect(answer).toBe(
        '{"jsonrpc":"2.0","error":{"code":-32800,"message":"request cancelled","data":{"kind":"cancelled"}},"id":"5"}',
      );
    }));

  test.each([
    ['no params', undefined],
    ['params null', null],
    ['params that are not an object', 5],
    ['no id', {}],
    ['the id null', { id: null }],
    ['a fraction as id', { id: 5.5 }],
    ['an id that is a list', { id: [5] }],
    ['an unknown id', { id: 6 }],
    ['the same digits as text', { id: '5' }],
  ])('a cancellation with %s does nothing', (_what, params) =>
    withHeaderClient(async (client, { backend }) => {
      const nextUsage = holdEndpoint(backend, 'usage');
      client.write(read(5));
      const usage = await nextUsage();
      client.write(cancel(params), status);
      expect(await client.untilBodies(2)).toContain(statusAnswer);
      usage.answer({});
      const bodies = await client.untilBodies(3);
      expect(bodies[2]).toMatch(/^\{"jsonrpc":"2.0","id":5,"result":/);
    }),
  );

  test('in newline framing a cancellation is ignored', () =>
    withAccount({}, async ({ server, backend }) => {
      const nextUsage = holdEndpoint(backend, 'usage');
      server.write(`${JSON.stringify(read(5))}\n`);
      const usage = await nextUsage();
      server.write('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":5}}\n');
      server.write(`${JSON.stringify(status)}\n`);
      expect((await server.untilLines(2))[1]).toMatch(/^\{"id":"status"/);
      usage.answer({});
      expect((await server.untilLines(3))[2]).toMatch(/^\{"id":5,"result":/);
    }));
});

test('a request of the server is framed too, and its response is read', () =>
  withAccount({ isInitialized: false }, async ({ server, backend }) => {
    const client = createHeaderClient(server);
    const accessToken = unsignedJwt({});
    const tokens = { accessToken, chatgptAccountId: 'account-dev' };
    client.write(
      {
        ...initializeMessage,
        params: { ...initializeMessage.params, capabilities: { experimentalApi: true } },
      },
      { id: 2, method: 'account/login/start', params: { type: 'chatgptAuthTokens', ...tokens } },
    );
    await client.untilBodies(4);
    backend.script('usage', { status: 401, body: '{}' });
    client.write(read(3));
    expect((await client.untilBodies(5))[4]).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"account/chatgptAuthTokens/refresh","params":{"reason":"unauthorized","previousAccountId":"account-dev"}}',
    );
    client.write({ jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } });
    expect((await client.untilBodies(6))[5]).toMatch(/"kind":"unauthorized"/);
  }));
