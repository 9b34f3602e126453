import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withAccount } from '../../../support/account-fixture.js';
import {
  createAuthority,
  createServerCertificate,
  type KeyAndCertificate,
  withFile,
} from '../../../support/network/certificates.js';
import { withHttpsAccount } from './https-account.js';
import { unreadableTest } from '../../../support/unix-test.js';
import { osErrorText } from '../../../../src/util/files/os-error.js';

const prefix = 'failed to fetch codex rate limits';
const hint =
  'If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.';
const readable = { result: { rateLimits: { planType: 'pro' } } };

const authority = await createAuthority();
const good = await createServerCertificate(authority);

const unreachable = (base: string, path = 'usage', text = prefix, data: object = {}) => ({
  error: {
    code: -32603,
    message: `${text}: error sending request for url (${base}/api/codex/${path})`,
    data: { kind: 'backendUnreachable', ...data },
  },
});

test.each(['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'])('%s adds root certificates', (variable) =>
  withFile(`# ours\n${authority.cert}\ntrailing`, (path) =>
    withHttpsAccount(good, { [variable]: path }, async ({ backend, read }) => {
      expect(await read()).toMatchObject(readable);
      await read();
      expect(backend.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'GET /api/codex/usage',
        'GET /api/codex/usage',
      ]);
    }),
  ),
);

test('a certificate for a host name is trusted, and so is a self-signed one in the CA file', () =>
  createServerCertificate().then((own) =>
    withFile(own.cert, (path) =>
      withHttpsAccount(
        own,
        { CODEX_CA_CERTIFICATE: path },
        async ({ read }) => expect(await read()).toMatchObject(readable),
        'localhost',
      ),
    ),
  ));

test('OpenSSL blocks and several certificates are read', () =>
  withFile(`${good.cert}\r\n${authority.cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')}`, (path) =>
    withHttpsAccount(good, { SSL_CERT_FILE: path }, async ({ read }) => {
      expect(await read()).toMatchObject(readable);
    }),
  ));

const clock = "check this machine's clock";

test.each<[string, () => Promise<KeyAndCertificate>, code: string, reason: string, explanation: string]>([
  [
    'of an unknown authority',
    async () => createServerCertificate(await createAuthority('Another authority')),
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'issuerNotTrusted',
    "the certificate's issuer is not trusted; set CODEX_CA_CERTIFICATE to your company's root",
  ],
  [
    'that is self-signed',
    () => createServerCertificate(),
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'certificateSelfSigned',
    'the certificate is self-signed; if it is the right one, set CODEX_CA_CERTIFICATE to a file with it',
  ],
  [
    'that is expired',
    () => createServerCertificate(authority, { validity: 'past' }),
    'CERT_HAS_EXPIRED',
    'certificateExpired',
    `the certificate has expired, or one of its issuers; ${clock}, or ask the operator of the server or proxy to renew it`,
  ],
  [
    'that is not yet valid',
    () => createServerCertificate(authority, { validity: 'future' }),
    'CERT_NOT_YET_VALID',
    'certificateNotYetValid',
    `the certificate is not yet valid; ${clock}, which is probably behind`,
  ],
  [
    'for another host',
    () => createServerCertificate(authority, { host: 'other.test' }),
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'certificateForOtherHost',
    'the certificate is for another host; check the URL and the proxy, and whether the network asks for a sign-in',
  ],
])(
  'a certificate %s is refused: the reason is in the error and logged once, and nothing was redeemed',
  async (_what, make, code, reason, explanation) => {
    const certificate = await make();
    await withFile(authority.cert, (path) =>
      withHttpsAccount(
        certificate,
        { CODEX_CA_CERTIFICATE: path },
        async ({ backend, server, read, consume }, base) => {
          const data = { reason, explanation };
          expect(await read()).toEqual(unreachable(base, 'usage', prefix, data));
          expect(await consume()).toEqual(
            unreachable(base, 'rate-limit-reset-credits/consume', 'failed to consume rate limit reset', {
              ...data,
              outcomeKnown: true,
            }),
          );
          expect(backend.requests).toEqual([]);
          expect(server.log).toEqual([
            `ERROR no connection to ${new URL(base).host}: ${code}: ${explanation}\n`,
          ]);
        },
      ),
    );
  },
);

test('a server without TLS behind an https URL is unreachable', () =>
  withAccount({ baseUrl: (url) => url.replace('http:', 'https:') }, async ({ backend, read }) => {
    expect(await read()).toEqual(
      unreachable(`https://127.0.0.1:${backend.port}`, 'usage', prefix, {
        reason: 'tlsFailed',
        explanation:
          'the TLS handshake failed; check that the URL and the proxy lead to a server that speaks https',
      }),
    );
  }));

const read = 'Failed to read CA certificate file PATH selected by VARIABLE';
const load = 'Failed to load CA certificates from PATH selected by VARIABLE';

/** The content of the file, or null if there is none, and the message. */
test.each([
  [null, `${read}: ${osErrorText('ENOENT')}`],
  ['', `${load}: no certificates found in PEM file`],
  ['this is not a certificate\n', `${load}: no certificates found in PEM file`],
  [
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    `${load}: certificate 1 in PEM file cannot be read`,
  ],
])('with the CA file %j https requests fail, and http requests do not', (text, message) =>
  withFile(text ?? '', async (filePath) => {
    const path = text === null ? `${filePath}.gone` : filePath;
    for (const variable of ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE']) {
      const shown = `${message.replace('PATH', path).replace('VARIABLE', variable)}. ${hint}`;
      await withHttpsAccount(good, { [variable]: path }, async ({ read: readHttps, consume }) => {
        expect(await readHttps()).toEqual({
          error: { code: -32603, message: `${prefix}: ${shown}`, data: { kind: 'configInvalid' } },
        });
        expect(await consume()).toEqual({
          error: {
            code: -32603,
            message: `failed to consume rate limit reset: ${shown}`,
            data: { kind: 'configInvalid', outcomeKnown: true },
          },
        });
      });
      await withAccount({ environment: { [variable]: path } }, async ({ read: readHttp }) => {
        expect(await readHttp()).toMatchObject(readable);
      });
    }
  }),
);

test('a CA file that is a directory is reported', () =>
  withFile('', (path) =>
    withHttpsAccount(good, { SSL_CERT_FILE: join(path, '..') }, async ({ read: readHttps }) => {
      expect(await readHttps()).toMatchObject({
        error: { message: expect.stringContaining(`: ${osErrorText('EISDIR')}. If you set`) },
      });
    }),
  ));

unreadableTest('a CA file without the right to read it is reported', () =>
  withFile('', (path) => {
    chmodSync(path, 0);
    return withHttpsAccount(good, { SSL_CERT_FILE: path }, async ({ read: readHttps }) => {
      expect(await readHttps()).toMatchObject({
        error: { message: expect.stringContaining(': Permission denied (os error 13). If you set') },
      });
    });
  }),
);

test.each([
  ['the second file does not replace an unusable first one', 'broken', 'good', false],
  ['an unusable second file is ignored', 'good', 'broken', true],
  ['an empty first variable is ignored', '', 'good', true],
])('CODEX_CA_CERTIFICATE takes precedence over SSL_CERT_FILE: %s', (_what, first, second, isTrusted) =>
  withFile(authority.cert, (path) => {
    const files: Record<string, string> = { good: path, broken: `${path}.gone` };
    const environment = { CODEX_CA_CERTIFICATE: files[first] ?? '', SSL_CERT_FILE: files[second] ?? '' };
    return withHttpsAccount(good, environment, async ({ read: readHttps }) => {
      expect('result' in (await readHttps())).toBe(isTrusted);
    });
  }),
);

test('a repaired CA file is used from the next request', () =>
  withFile('', (path) =>
    withHttpsAccount(good, { SSL_CERT_FILE: path }, async ({ read: readHttps }) => {
      expect(await readHttps()).toMatchObject({ error: { data: { kind: 'configInvalid' } } });
      writeFileSync(path, authority.cert);
      expect(await readHttps()).toMatchObject(readable);
    }),
  ));
