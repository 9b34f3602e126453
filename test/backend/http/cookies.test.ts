import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount, writeJson } from '../../support/account-fixture.js';
import { createAuthority, createServerCertificate, withFile } from '../../support/network/certificates.js';
import { startProxyServer } from '../../support/network/proxy-server.js';
import { startTlsFront } from '../../support/network/tls-front.js';

/** Runs `act` with a backend that is `https://HOST` for the server: a proxy leads to it. */
async function withHost(host: string, act: (fixture: AccountFixture) => Promise<void>): Promise<void> {
  const authority = await createAuthority();
  let backendPort = 0;
  const front = await startTlsFront(await createServerCertificate(authority, { host }), () => backendPort);
  const proxy = await startProxyServer();
  try {
    await withFile(authority.cert, async (path) => {
      const environment = { CODEX_CA_CERTIFICATE: path, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const baseUrl = () => `https://${host}:${front.port}`;
      await withAccount({ environment, baseUrl }, async (fixture) => {
        backendPort = fixture.backend.port;
        await act(fixture);
      });
    });
  } finally {
    await front.close();
    await proxy.close();
  }
}

const setCookies = [
  '__cf_bm=a=b,c; path=/; expires=Thu, 01 Jan 2099 00:00:00 GMT; domain=.HOST; HttpOnly; Secure',
  '_cfuvid="1"; Path=/',
  'oai-did=2; Path=/',
];

/** Sends a usage with cookies, then a consume and another usage; returns the cookies of each request. */
async function cookiesOf(host: string, { backend, read, consume, server, authPath }: AccountFixture) {
  backend.script('usage', (_request, response) => {
    response.statusCode = 403;
    response.setHeader(
      'set-cookie',
      setCookies.map((line) => line.replace('HOST', host)),
    );
    response.end();
    return 'handled';
  });
  expect(await read()).toMatchObject({ error: { data: { httpStatus: 403 } } });
  backend.script('usage', undefined);
  await consume();
  const auth = JSON.parse(readFileSync(authPath, 'utf8')) as { tokens: object };
  writeJson(authPath, { ...auth, tokens: { ...auth.tokens, account_id: 'another-account' } });
  await read();
  expect(server.log).toEqual([]);
  return backend.requests.map(({ headers }) => [headers['chatgpt-account-id'], headers.cookie]);
}

test.each(['chatgpt.com', 'a.chatgpt.com', 'chat.openai.com', 'chatgpt-staging.com'])(
  'the cookies of %s come back with every later request, whatever its login',
  (host) =>
    withHost(host, async (fixture) => {
      const kept = '__cf_bm=a=b,c; _cfuvid="1"';
      expect(await cookiesOf(host, fixture)).toEqual([
        ['account-dev', undefined],
        ['account-dev', kept],
        ['another-account', kept],
      ]);
    }),
);

test.each(['localhost', 'chatgpt.com.evil.example', 'x.chat.openai.com', 'api.openai.com', 'notchatgpt.com'])(
  'no cookie of %s comes back',
  (host) =>
    withHost(host, async (fixture) => {
      const cookies = (await cookiesOf(host, fixture)).map(([, cookie]) => cookie);
      expect(cookies).toEqual([undefined, undefined, undefined]);
    }),
);

test('no cookie that came over http comes back', async () => {
  const proxy = await startProxyServer();
  try {
    const environment = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const baseUrl = (url: string) => url.replace('127.0.0.1', 'chatgpt.com');
    await withAccount({ environment, baseUrl }, async (fixture) => {
      const cookies = (await cookiesOf('chatgpt.com', fixture)).map(([, cookie]) => cookie);
      expect(cookies).toEqual([undefined, undefined, undefined]);
    });
  } finally {
    await proxy.close();
  }
});
