import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuthority, createServerCertificate } from '../../../support/network/certificates.js';
import { withHttpsAccount } from './https-account.js';
import { casesOf, isUnixCase, unixTest, unreadableTest } from '../../../support/unix-test.js';
import { osErrorText } from '../../../../src/util/files/os-error.js';

const readable = { result: { rateLimits: { planType: 'pro' } } };
const untrusted = "the certificate's issuer is not trusted; set CODEX_CA_CERTIFICATE to your company's root";

const authority = await createAuthority();
const other = await createAuthority('Another authority');
const good = await createServerCertificate(authority);

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'system-roots-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes a file below the root and returns its path. */
function write(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Returns the response to a read with these variables. */
async function readWith(environment: Readonly<Record<string, string>>): Promise<object> {
  let answer: object = {};
  await withHttpsAccount(good, environment, async ({ read }) => {
    answer = await read();
  });
  return answer;
}

const refused = (explanation: string): object => ({
  error: { data: { kind: 'backendUnreachable', reason: 'issuerNotTrusted', explanation } },
});

test('without a variable the test authority is not trusted', async () =>
  expect(await readWith({})).toMatchObject(refused(untrusted)));

test('SSL_CERT_DIR is a list of folders with files that are named by a hash', async () => {
  write('one/0a1b2c3d.0', other.cert);
  write('two/0a1b2c3d.1', authority.cert);
  expect(
    await readWith({ SSL_CERT_DIR: [join(root, 'one'), '', join(root, 'two')].join(delimiter) }),
  ).toMatchObject(readable);
});

unixTest('a link that is named by a hash counts', async () => {
  const path = write('company.pem', authority.cert);
  mkdirSync(join(root, 'folder'));
  symlinkSync(path, join(root, 'folder/0a1b2c3d.0'));
  expect(await readWith({ SSL_CERT_DIR: join(root, 'folder') })).toMatchObject(readable);
});

test('a file with another name counts only beside a file of certificates', async () => {
  write('folder/company.crt', authority.cert);
  const SSL_CERT_DIR = join(root, 'folder');
  expect(await readWith({ SSL_CERT_DIR })).toMatchObject(refused(untrusted));
  const path = write('other.pem', other.cert);
  expect(await readWith({ SSL_CERT_DIR, SSL_CERT_FILE: path })).toMatchObject(readable);
  expect(await readWith({ SSL_CERT_DIR, CODEX_CA_CERTIFICATE: path })).toMatchObject(readable);
});

test.each(['SSL_CERT_FILE', 'CODEX_CA_CERTIFICATE'])(
  'NODE_EXTRA_CA_CERTS counts beside %s',
  async (variable) => {
    const extra = write('extra.pem', `${other.cert}\n${authority.cert}`);
    const path = write('other.pem', other.cert);
    expect(await readWith({ [variable]: path, NODE_EXTRA_CA_CERTS: extra })).toMatchObject(readable);
    expect(await readWith({ [variable]: path })).toMatchObject(refused(untrusted));
  },
);

test('SSL_CERT_FILE counts beside CODEX_CA_CERTIFICATE', async () => {
  const environment = {
    CODEX_CA_CERTIFICATE: write('a.pem', other.cert),
    SSL_CERT_FILE: write('b.pem', authority.cert),
  };
  expect(await readWith(environment)).toMatchObject(readable);
});

test('a certificate that cannot be read does not hide the others of its file', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const NODE_EXTRA_CA_CERTS = write('extra.pem', `\xff\x00${broken}${authority.cert}`);
  expect(await readWith({ NODE_EXTRA_CA_CERTS })).toMatchObject(readable);
});

test('a consume whose handshake needs the roots of the system is sent once', () => {
  write('folder/0a1b2c3d.0', authority.cert);
  return withHttpsAccount(good, { SSL_CERT_DIR: join(root, 'folder') }, async ({ backend, consume }) => {
    expect(await consume()).toMatchObject({ result: {} });
    expect(backend.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /api/codex/rate-limit-reset-credits/consume',
    ]);
  });
});

test('two connections that need the roots of the system at the same time both get them', () => {
  write('folder/0a1b2c3d.0', authority.cert);
  return withHttpsAccount(good, { SSL_CERT_DIR: join(root, 'folder') }, async ({ backend, read }) => {
    expect(await read({})).toMatchObject({
      result: { rateLimitResetCredits: { credits: [{ id: 'credit-1' }] } },
    });
    expect(backend.requests.map(({ url }) => url).sort()).toEqual([
      '/api/codex/rate-limit-reset-credits',
      '/api/codex/usage',
    ]);
  });
});

const extraFiles: [what: string, reason: string, make: (path: string) => void][] = [
  ['missing', osErrorText('ENOENT'), () => undefined],
  ['not PEM', 'no certificates found in PEM file', (path) => writeFileSync(path, '\x30\x82')],
  ['a folder', osErrorText('EISDIR'), (path) => mkdirSync(path)],
  ['a FIFO', 'not a regular file', (path) => execFileSync('mkfifo', [path])],
  ['a device without end', 'not a regular file', (path) => symlinkSync('/dev/zero', path)],
  ['too large', 'above 8 MiB', (path) => writeFileSync(path, Buffer.alloc(8 * 2 ** 20 + 1, '\n'))],
  ['a link to itself', osErrorText('ELOOP'), (path) => symlinkSync(path, path)],
];

test.each(casesOf(extraFiles, ([what]) => !isUnixCase(what)))(
  'an extra file that is %s is named in the error',
  async (_what, reason, make) => {
    const path = join(root, 'extra.pem');
    make(path);
    const answer = await readWith({ NODE_EXTRA_CA_CERTS: path, SSL_CERT_DIR: root });
    expect(answer).toMatchObject(refused(`${untrusted}; not read: ${path}: ${reason}`));
  },
);

unreadableTest('a file without the right to read it is named in the error', async () => {
  const path = write('folder/0a1b2c3d.0', authority.cert);
  chmodSync(path, 0);
  expect(await readWith({ SSL_CERT_DIR: join(root, 'folder') })).toMatchObject(
    refused(`${untrusted}; not read: ${path}: Permission denied (os error 13)`),
  );
});

const folders: [what: string, reason: string, make: (path: string) => void][] = [
  ['missing', osErrorText('ENOENT'), () => undefined],
  ['a file', osErrorText('ENOTDIR'), (path) => writeFileSync(path, '')],
  ['a FIFO', osErrorText('ENOTDIR'), (path) => execFileSync('mkfifo', [path])],
];

test.each(casesOf(folders, ([what]) => !isUnixCase(what)))(
  'a folder that is %s is named in the error',
  async (_what, reason, make) => {
    const path = join(root, 'folder');
    make(path);
    const answer = await readWith({ SSL_CERT_DIR: path });
    expect(answer).toMatchObject(refused(`${untrusted}; not read: ${path}: ${reason}`));
  },
);

unixTest(
  'what a folder has beside certificates is ignored: links to nowhere, folders, FIFOs, text',
  async () => {
    const folder = join(root, 'folder');
    mkdirSync(join(folder, '00000000.0'), { recursive: true });
    symlinkSync('nowhere', join(folder, '00000001.0'));
    execFileSync('mkfifo', [join(folder, '00000002.0')]);
    write('folder/00000003.0', 'text');
    expect(await readWith({ SSL_CERT_DIR: folder })).toMatchObject(refused(untrusted));
    write('folder/00000004.0', authority.cert);
    expect(await readWith({ SSL_CERT_DIR: folder })).toMatchObject(readable);
  },
);

test('a folder is read up to 8 MiB', async () => {
  const folder = join(root, 'folder');
  for (const name of ['00000000.0', '00000001.0']) write(`folder/${name}`, '\n'.repeat(5 * 2 ** 20));
  expect(await readWith({ SSL_CERT_DIR: folder })).toMatchObject(
    refused(`${untrusted}; not read: ${folder}: files above 8 MiB together`),
  );
});
