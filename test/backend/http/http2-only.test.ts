import { createSecureServer, createServer as createPlainServer } from 'node:http2';
import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { createAuthority, createServerCertificate, withFile } from '../../support/network/certificates.js';
import { listen } from '../../support/network/tls-front.js';

const goAway = Buffer.from('000000040000000000' + '0000080700000000000000000000000001', 'hex');

const explanation =
  'the other end speaks only HTTP/2; allow HTTP/1.1 at the server, or at the proxy before it';

const plainServers: [string, () => Server][] = [
  ['node', () => createPlainServer()],
  [
    'a server that ends with GOAWAY',
    () => createServer((socket) => socket.once('data', () => socket.end(goAway))),
  ],
];

test.each(plainServers)('an http backend that speaks only HTTP/2 (%s) is named', async (_name, create) => {
  const { port, close } = await listen(create());
  const base = `http://127.0.0.1:${port}`;
  try {
    await withAccount({ baseUrl: () => base }, async ({ read, consume }) => {
      expect(await read()).toEqual({
        error: {
          code: -32603,
          message: `failed to fetch codex rate limits: error sending request for url (${base}/api/codex/usage)`,
          data: { kind: 'backendUnreachable', reason: 'http2Only', explanation },
        },
      });
      expect(await consume()).toMatchObject({
        error: { data: { kind: 'backendUnreachable', reason: 'http2Only', outcomeKnown: false } },
      });
    });
  } finally {
    await close();
  }
});

test('an https backend that refuses HTTP/1.1 is named, and nothing was redeemed', async () => {
  const authority = await createAuthority();
  const { port, close } = await listen(createSecureServer(await createServerCertificate(authority)));
  try {
    await withFile(authority.cert, (path) =>
      withAccount(
        { baseUrl: () => `https://127.0.0.1:${port}`, environment: { CODEX_CA_CERTIFICATE: path } },
        async ({ read, consume, server }) => {
          expect(await read()).toMatchObject({
            error: { data: { kind: 'backendUnreachable', reason: 'http2Only' } },
          });
          expect(await consume()).toMatchObject({
            error: { data: { kind: 'backendUnreachable', reason: 'http2Only', outcomeKnown: true } },
          });
          const code = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
          expect(server.log).toEqual([`ERROR no connection to 127.0.0.1:${port}: ${code}: ${explanation}\n`]);
        },
      ),
    );
  } finally {
    await close();
  }
});

test.each(['no\r\n\r\n', '\0\0\0\0\0\0\0\0\0', 'HTTP/2 200\r\n\r\n'])(
  'another reply that is not HTTP/1.1 (%j) has no reason',
  async (reply) => {
    const { port, close } = await listen(
      createServer((socket) => socket.once('data', () => socket.end(reply))),
    );
    try {
      await withAccount({ baseUrl: () => `http://127.0.0.1:${port}` }, async ({ read }) => {
        expect(await read()).toMatchObject({ error: { data: { kind: 'backendUnreachable' } } });
        expect(await read()).not.toMatchObject({ error: { data: { reason: 'http2Only' } } });
      });
    } finally {
      await close();
    }
  },
);
