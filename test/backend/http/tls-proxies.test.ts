import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { createAuthority, createServerCertificate, withFile } from '../../support/network/certificates.js';
import { startProxyServer } from '../../support/network/proxy-server.js';

test.each(['localhost', '127.0.0.1'])(
  'the certificate of a proxy at %s is checked for the name of the proxy, not of the backend',
  async (host) => {
    const authority = await createAuthority();
    const proxy = await startProxyServer({ certificate: await createServerCertificate(authority) });
    try {
      await withFile(authority.cert, async (path) => {
        const environment = { CODEX_CA_CERTIFICATE: path, ALL_PROXY: `https://${host}:${proxy.port}` };
        const baseUrl = (url: string) => url.replace('127.0.0.1', 'backend.test');
        await withAccount({ environment, baseUrl }, async ({ backend, read }) => {
          expect(await read()).toMatchObject({ result: { rateLimits: { planType: 'pro' } } });
          expect(backend.requests.map(({ headers }) => headers.host)).toEqual([
            `backend.test:${backend.port}`,
          ]);
        });
      });
    } finally {
      await proxy.close();
    }
  },
);
