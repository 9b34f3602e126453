import { expect, test } from 'vitest';
import { createServerCertificate } from '../../../support/network/certificates.js';
import { withBuiltServer } from '../../../support/processes/built-server.js';
import { startProxyServer } from '../../../support/network/proxy-server.js';
import { startTlsFront } from '../../../support/network/tls-front.js';

// NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check of certificates off for a program that does not ask for it.

const warning =
  'warning: NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored: certificates are always checked; CODEX_CA_CERTIFICATE adds trusted ones\n';

test.each([
  ['direct', 'self-signed backend', undefined, false],
  ['through a CONNECT proxy', 'self-signed backend', 'http', false],
  ['through an https proxy that is not trusted', 'backend without TLS', 'https', true],
  ['through a tunnel of an https proxy that is not trusted', 'self-signed backend', 'https', false],
])('a request %s to a %s is not sent', async (_way, _what, scheme, isPlain) => {
  const certificate = await createServerCertificate();
  const proxy = await startProxyServer(scheme === 'https' ? { certificate } : {});
  let backendPort = 0;
  const front = await startTlsFront(certificate, () => backendPort);
  const url = `${scheme}://127.0.0.1:${proxy.port}`;
  try {
    await withBuiltServer(
      {
        args: [
          'app-server',
          ...(isPlain ? [] : ['-c', `chatgpt_base_url="https://127.0.0.1:${front.port}"`]),
        ],
        environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0', ...(scheme && { ALL_PROXY: url }) },
      },
      async ({ backend, server }) => {
        backendPort = backend.port;
        await server.call(0, 'initialize', { clientInfo: { name: 'test', version: '1' } });
        server.send({ id: 1, method: 'account/rateLimits/read' });
        expect((await server.answer(1)).error?.data).toMatchObject({ kind: 'backendUnreachable' });
        expect(backend.requests).toEqual([]);
        expect(server.stderr().startsWith(warning)).toBe(true);
        expect(server.stderr()).not.toMatch(/insecure/);
      },
    );
  } finally {
    await front.close();
    await proxy.close();
  }
});

test.each(['refresh', 'login'] as const)(
  'a %s at an issuer that is not trusted is not sent',
  async (what) => {
    let issuerPort = 0;
    const front = await startTlsFront(await createServerCertificate(), () => issuerPort);
    const issuer = `https://127.0.0.1:${front.port}`;
    const environment = {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${issuer}/oauth/token`,
      CODEX_APP_SERVER_LOGIN_ISSUER: issuer,
    };
    try {
      await withBuiltServer({ environment }, async ({ backend, server }) => {
        issuerPort = backend.port;
        await server.call(0, 'initialize', { clientInfo: { name: 'test', version: '1' } });
        const [method, params] =
          what === 'refresh'
            ? ['account/read', { refreshToken: true }]
            : ['account/login/start', { type: 'chatgptDeviceCode' }];
        server.send({ id: 1, method, params });
        await server.answer(1);
        expect(backend.requests.filter(({ url }) => /oauth|deviceauth/.test(url))).toEqual([]);
        expect(server.stderr()).toContain(warning);
      });
    } finally {
      await front.close();
    }
  },
);
