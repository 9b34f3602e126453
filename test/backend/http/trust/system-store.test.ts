import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import { startDevBackend } from '../../../../src/dev-backend/server.js';
import { type Answer, startBuiltServer, stopServer } from '../../../support/processes/built-server.js';
import { createAuthority, createServerCertificate } from '../../../support/network/certificates.js';
import { mounting, whyNotMounting } from '../../../support/files/mounting.js';
import { startProxyServer } from '../../../support/network/proxy-server.js';
import { startTlsFront } from '../../../support/network/tls-front.js';

// The built server, in a mount namespace whose /etc is the folder `etc`. The variables for certificates that this machine
// sets are not passed on.

const authority = await createAuthority();
const other = await createAuthority('Another authority');
const good = await createServerCertificate(authority);

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'system-store-'));
  mkdirSync(join(root, 'etc'));
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

interface Seen {
  readonly answer: Answer;
  /** The requests of the backend and the issuer. */
  readonly urls: readonly string[];
  readonly proxied: readonly string[];
  readonly stderr: string;
}

/** Calls a method of the built server. In `.env`, the value `PROXY` stands for the URL of a proxy. */
async function callWithStore(
  environment: Readonly<Record<string, string>>,
  { dotEnv = '', method = 'account/rateLimits/read', params = {}, isMounted = true } = {},
): Promise<Seen> {
  const backend = await startDevBackend({});
  const front = await startTlsFront(good, () => backend.port);
  const proxy = await startProxyServer();
  const base = `https://127.0.0.1:${front.port}`;
  const home = createDevHome({ backendUrl: base });
  writeFileSync(join(home.path, '.env'), dotEnv.replace('=PROXY', `=http://127.0.0.1:${proxy.port}`));
  const mount = [...(mounting ?? []), 'sh', '-c', 'mount --bind "$0" /etc && exec "$@"', join(root, 'etc')];
  const server = startBuiltServer({
    launcher: isMounted ? mount : [],
    environment: {
      CODEX_HOME: home.path,
      HOME: root,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${base}/oauth/token`,
      ...environment,
    },
  });
  try {
    await server.call(0, 'initialize', { clientInfo: { name: 'test', version: '1' } });
    server.send({ id: 1, method, params });
    const answer = await server.answer(1);
    server.child.stdin.end();
    await server.exited;
    return {
      answer,
      urls: backend.requests.map(({ url }) => url),
      proxied: proxy.requests.map(({ line }) => line.replace(/\d+$/, 'PORT')),
      stderr: server.stderr(),
    };
  } finally {
    await stopServer(server);
    await front.close();
    await proxy.close();
    await backend.close();
    home.remove();
  }
}

const readable = { result: { rateLimits: { planType: 'pro' } } };
const refused = { error: { data: { kind: 'backendUnreachable', reason: 'issuerNotTrusted' } } };
const inNamespace = test.skipIf(!mounting);

inNamespace.each([
  ['ssl/cert.pem', {}],
  ['pki/tls/certs/ca-bundle.crt', {}],
  ['pki/ca-trust/extracted/pem/tls-ca-bundle.pem', {}],
  ['certs/ca-bundle.pem', {}],
  ['ssl/certs/0a1b2c3d.0', {}],
  ['ssl/certs/ca-certificates.crt', { SSL_CERT_FILE: 'other.pem' }],
  ['ssl/ca-bundle.pem', { CODEX_CA_CERTIFICATE: 'other.pem' }],
  ['ssl/certs/company.crt', { CODEX_CA_CERTIFICATE: 'other.pem' }],
  ['security/certificates/company.crt', { SSL_CERT_FILE: 'other.pem' }],
  ['ssl/cert.pem', { SSL_CERT_DIR: 'empty' }],
])(
  `a root of the system in /etc/%s is trusted, with the variables %j${whyNotMounting}`,
  async (name, names) => {
    write('other.pem', other.cert);
    mkdirSync(join(root, 'empty'));
    write(`etc/${name}`, authority.cert);
    const environment = Object.fromEntries(
      Object.entries(names).map(([key, path]) => [key, join(root, path)]),
    );
    const { answer, stderr } = await callWithStore(environment);
    expect(answer).toMatchObject(readable);
    expect(stderr).toBe('');
  },
);

inNamespace.each([
  ['in a plain file of the folder', ['ssl/certs/company.crt'], {}],
  ['in the second file', ['pki/tls/cert.pem', 'ssl/cert.pem'], {}],
  ['in a folder that SSL_CERT_DIR replaces', ['ssl/certs/0a1b2c3d.0'], { SSL_CERT_DIR: 'empty' }],
])(`a root %s is not trusted${whyNotMounting}`, async (_where, names, variables) => {
  mkdirSync(join(root, 'empty'));
  for (const name of names) write(`etc/${name}`, name === names.at(-1) ? authority.cert : other.cert);
  const environment = Object.fromEntries(
    Object.entries(variables).map(([key, path]) => [key, join(root, path)]),
  );
  const { answer, urls } = await callWithStore(environment);
  expect(answer).toMatchObject(refused);
  expect(urls).toEqual([]);
});

inNamespace(
  `a proxy that only .env names is used, to a server whose root only the system has${whyNotMounting}`,
  async () => {
    write('etc/ssl/cert.pem', authority.cert);
    const { answer, proxied } = await callWithStore({}, { dotEnv: 'HTTPS_PROXY=PROXY\n' });
    expect(answer).toMatchObject(readable);
    // Each of the two requests has a tunnel, after one whose handshake lacked the root.
    expect(new Set(proxied)).toEqual(new Set(['CONNECT 127.0.0.1:PORT']));
  },
);

inNamespace(
  `a refresh at an issuer whose root only the system has is sent once${whyNotMounting}`,
  async () => {
    write('etc/ssl/cert.pem', authority.cert);
    const options = { method: 'account/read', params: { refreshToken: true } };
    const { answer, urls } = await callWithStore({}, options);
    expect(answer).toMatchObject({ result: { account: { type: 'chatgpt' } } });
    expect(urls.filter((url) => url === '/oauth/token')).toEqual(['/oauth/token']);
  },
);

test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('%s counts if it is in .env', async (variable) => {
  const dotEnv = `${variable}='${write('company.pem', authority.cert)}'\n`;
  expect((await callWithStore({}, { dotEnv, isMounted: false })).answer).toMatchObject(readable);
});

test('SSL_CERT_DIR counts if it is in .env, and CODEX_CA_CERTIFICATE does not', async () => {
  const path = write('folder/0a1b2c3d.0', authority.cert);
  const folder = `SSL_CERT_DIR='${join(root, 'folder')}'\n`;
  const file = `CODEX_CA_CERTIFICATE='${path}'\n`;
  expect((await callWithStore({}, { dotEnv: folder, isMounted: false })).answer).toMatchObject(readable);
  expect((await callWithStore({}, { dotEnv: file, isMounted: false })).answer).toMatchObject(refused);
});

inNamespace(
  `a file of the system that is a FIFO is named in the error, and not waited for${whyNotMounting}`,
  async () => {
    mkdirSync(join(root, 'etc/ssl'));
    execFileSync('mkfifo', [join(root, 'etc/ssl/cert.pem')]);
    const { answer } = await callWithStore({});
    expect(answer).toMatchObject({
      error: {
        data: {
          explanation: expect.stringContaining('root; not read: /etc/ssl/cert.pem: not a regular file'),
        },
      },
    });
  },
);

/** Loaded by node before the server: another system, and what node reads from its store. */
const otherSystem = `
  const tls = require('node:tls');
  Object.defineProperty(process, 'platform', { value: process.env.PLATFORM });
  delete tls.getCACertificates;
  const { STORE } = process.env;
  if (STORE) tls.getCACertificates = (type) => (type === 'system' ? [require('node:fs').readFileSync(STORE, 'utf8')] : []);
`;

test.each(['darwin', 'win32'])(
  'on %s the store of the system is read by node, if it can',
  async (platform) => {
    const environment = { NODE_OPTIONS: `--require=${write('system.cjs', otherSystem)}`, PLATFORM: platform };
    const STORE = write('store.pem', authority.cert);
    expect((await callWithStore({ ...environment, STORE }, { isMounted: false })).answer).toMatchObject(
      readable,
    );
    expect((await callWithStore(environment, { isMounted: false })).answer).toMatchObject({
      error: {
        data: {
          explanation: expect.stringContaining(
            "root; not read: the system's store: this version of node cannot read it",
          ) as string,
        },
      },
    });
  },
);
