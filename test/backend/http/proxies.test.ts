import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import {
  createAuthority,
  createServerCertificate,
  type KeyAndCertificate,
  withFile,
} from '../../support/network/certificates.js';
import {
  type ProxyServer,
  type ProxyServerOptions,
  startProxyServer,
} from '../../support/network/proxy-server.js';
import { listen, startTlsFront } from '../../support/network/tls-front.js';

const usagePath = '/api/codex/usage';
const consumePath = '/api/codex/rate-limit-reset-credits/consume';
const readable = { result: { rateLimits: { planType: 'pro' } } };

const authority = await createAuthority();
const good = await createServerCertificate(authority);

interface ProxiedOptions extends ProxyServerOptions {
  /** Whether the backend uses https. */
  readonly isTls?: boolean;
  /** The certificate of the backend. By default it is valid. */
  readonly backendCertificate?: KeyAndCertificate;
  readonly environment: (proxyPort: number) => Readonly<Record<string, string>>;
}

/** Runs `act` with a server whose environment names a proxy and a trusted authority. */
function withProxy(
  options: ProxiedOptions,
  act: (fixture: AccountFixture, proxy: ProxyServer, base: string) => Promise<void>,
): Promise<void> {
  return withFile(authority.cert, async (path) => {
    let backendPort = 0;
    const proxy = await startProxyServer(options);
    const front = await startTlsFront(options.backendCertificate ?? good, () => backendPort);
    const environment = { CODEX_CA_CERTIFICATE: path, ...options.environment(proxy.port) };
    const baseUrl = (url: string) => (options.isTls ? `https://127.0.0.1:${front.port}` : url);
    try {
      await withAccount({ environment, baseUrl }, async (fixture) => {
        backendPort = fixture.backend.port;
        await act(fixture, proxy, baseUrl(fixture.backend.url));
      });
    } finally {
      await front.close();
      await proxy.close();
    }
  });
}

const unreachable = (prefix: string, url: string, data: object = {}) => ({
  error: {
    code: -32603,
    message: `${prefix}: error sending request for url (${url})`,
    data: { kind: 'backendUnreachable', ...data },
  },
});
const unread = (base: string) => unreachable('failed to fetch codex rate limits', base + usagePath);
const unredeemed = (base: string, outcomeKnown: boolean) =>
  unreachable('failed to consume rate limit reset', base + consumePath, { outcomeKnown });

test.each([
  ['HTTP_PROXY', 'http://127.0.0.1:PORT', undefined],
  ['http_proxy', '127.0.0.1:PORT', undefined],
  ['ALL_PROXY', 'http://u:p%40@localhost:PORT/', 'Basic dTpwQA=='],
])('http goes through %s=%s as a request for the whole URL', (name, value, authorization) =>
  withProxy(
    { environment: (port) => ({ [name]: value.replace('PORT', String(port)) }) },
    async ({ backend, read, consume }, proxy, base) => {
      expect(await read()).toMatchObject(readable);
      expect(await consume()).toEqual({ result: { outcome: 'nothingToReset' } });
      expect(proxy.requests).toEqual([
        { line: `GET ${base}${usagePath}`, authorization },
        { line: `POST ${base}${consumePath}`, authorization },
      ]);
      expect(backend.requests.map(({ url, headers, body }) => [url, headers.host, body])).toEqual([
        [usagePath, new URL(base).host, ''],
        [consumePath, new URL(base).host, '{"redeem_request_id":"key-1"}'],
      ]);
    },
  ),
);

test.each([
  ['HTTPS_PROXY', 'http://127.0.0.1:PORT', undefined],
  ['https_proxy', 'u:p@127.0.0.1:PORT', 'Basic dTpw'],
  ['all_proxy', 'http://127.0.0.1:PORT', undefined],
])(
  'https goes through %s=%s by CONNECT, and a consume is one POST with its key',
  (name, value, authorization) =>
    withProxy(
      { isTls: true, environment: (port) => ({ [name]: value.replace('PORT', String(port)) }) },
      async ({ backend, read, call }, proxy, base) => {
        expect(await read()).toMatchObject(readable);
        // undici needs a turn of the event loop before it reuses a connection. A client on a pipe always gives it one.
        await new Promise((resolve) => setImmediate(resolve));
        expect(await read()).toMatchObject(readable);
        expect(await call('account/rateLimitResetCredit/consume', { idempotencyKey: ' ä"k ' })).toEqual({
          result: { outcome: 'nothingToReset' },
        });
        // The reads share a tunnel, and the consume has its own.
        const tunnel = { line: `CONNECT ${new URL(base).host}`, authorization };
        expect(proxy.requests).toEqual([tunnel, tunnel]);
        expect(backend.requests.map(({ method, body }) => [method, body])).toEqual([
          ['GET', ''],
          ['GET', ''],
          ['POST', '{"redeem_request_id":" ä\\"k "}'],
        ]);
        expect(backend.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual(
          Array(3).fill(undefined),
        );
      },
    ),
);

test.each([false, true])(
  'the certificate of a TLS proxy is checked like that of a backend (https: %j)',
  (isTls) =>
    withProxy(
      { isTls, certificate: good, environment: (port) => ({ ALL_PROXY: `https://u:p@127.0.0.1:${port}` }) },
      async ({ read }, proxy, base) => {
        expect(await read()).toMatchObject(readable);
        expect(proxy.requests).toEqual([
          {
            line: isTls ? `CONNECT ${new URL(base).host}` : `GET ${base}${usagePath}`,
            authorization: 'Basic dTpw',
          },
        ]);
      },
    ),
);

test('a host in NO_PROXY is reached without the proxy', () =>
  withProxy(
    {
      isTls: true,
      environment: (port) => ({ ALL_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.0/8' }),
    },
    async ({ read }, proxy) => {
      expect(await read()).toMatchObject(readable);
      expect(proxy.requests).toEqual([]);
    },
  ));

test.each([false, true])(
  'a proxy that cannot be reached is an error, and is not bypassed (https: %j)',
  async (isTls) => {
    const dead = await listen(createServer());
    await dead.close();
    await withProxy(
      { isTls, environment: () => ({ ALL_PROXY: `http://u:secret@127.0.0.1:${dead.port}` }) },
      async ({ backend, server, read, consume }, _proxy, base) => {
        const refused = `the proxy 127.0.0.1:${dead.port}: connection refused`;
        for (const answer of [await read(), await consume()])
          expect(JSON.stringify(answer)).toContain(refused);
        expect(backend.requests).toEqual([]);
        expect(server.log).toEqual([
          `ERROR no connection to ${new URL(base).host} through the proxy 127.0.0.1:${dead.port}: ECONNREFUSED\n`,
        ]);
      },
    );
  },
);

/** The status, and the number of CONNECT requests. */
test.each([
  [407, 1],
  [403, 1],
  [502, 3],
  [503, 3],
])('a CONNECT with the answer %i fails, and nothing was redeemed', (status, attempts) =>
  withProxy(
    { isTls: true, status, environment: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
    async ({ backend, server, read, consume }, proxy, base) => {
      expect(await consume()).toEqual(unredeemed(base, true));
      expect(proxy.requests).toHaveLength(attempts);
      expect(await read()).toEqual(unread(base));
      expect(backend.requests).toEqual([]);
      expect(server.log).toEqual([
        `ERROR no connection to ${new URL(base).host} through the proxy 127.0.0.1:${proxy.port}: the proxy answered CONNECT with status ${status}\n`,
      ]);
    },
  ),
);

test('a proxy that closes the connection on CONNECT is an error, and nothing was redeemed', () =>
  withProxy(
    { isTls: true, hangsUp: true, environment: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
    async ({ consume }, proxy, base) => {
      expect(await consume()).toEqual(unredeemed(base, true));
      expect(proxy.requests).toHaveLength(3);
    },
  ));

test('the outcome of a consume is unknown if the connection in the tunnel is lost', () =>
  withProxy(
    { isTls: true, environment: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
    async ({ backend, consume }, _proxy, base) => {
      backend.script('consume', (_request, response) => {
        response.destroy();
        return 'handled';
      });
      expect(await consume()).toEqual(unredeemed(base, false));
    },
  ));

test('a 407 of the proxy to an http request is an ordinary error status', () =>
  withProxy(
    { status: 407, environment: (port) => ({ HTTP_PROXY: `127.0.0.1:${port}` }) },
    async ({ read, consume }, _proxy, base) => {
      expect(await read()).toEqual({
        error: {
          code: -32603,
          message: `failed to fetch codex rate limits: GET ${base}${usagePath} failed: 407 Proxy Authentication Required; content-type=text/plain; body=no`,
          data: { kind: 'backendStatus', httpStatus: 407 },
        },
      });
      expect(await consume()).toMatchObject({ error: { data: { httpStatus: 407, outcomeKnown: false } } });
    },
  ));

test('the certificate behind a tunnel is checked like any other', async () => {
  const backendCertificate = await createServerCertificate(authority, { host: 'other.test' });
  await withProxy(
    { isTls: true, backendCertificate, environment: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
    async ({ backend, read, consume }) => {
      const data = { kind: 'backendUnreachable', reason: 'certificateForOtherHost' };
      expect(await read()).toMatchObject({ error: { data } });
      expect(await consume()).toMatchObject({ error: { data: { ...data, outcomeKnown: true } } });
      expect(backend.requests).toEqual([]);
    },
  );
});

test('a SOCKS proxy is refused before anything is sent, and its password is not logged', () =>
  withProxy(
    { isTls: true, environment: (port) => ({ ALL_PROXY: `socks5://u:secret@127.0.0.1:${port}` }) },
    async ({ server, consume }, proxy, base) => {
      expect(await consume()).toEqual(unredeemed(base, true));
      expect(proxy.requests).toEqual([]);
      expect(server.log).toEqual([
        `ERROR no connection to ${new URL(base).host}: a proxy of the kind socks5:// is not supported, only http:// and https://\n`,
      ]);
    },
  ));
