import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';

import { generate } from 'selfsigned';

import { readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const outcome = ({ error, rateLimits }) => error ?? rateLimits.planType;

export default [
  {
    name: 'an unusable file of certificates fails only https',
    promise:
      'CA certificates: While the chosen file cannot be used, https requests fail with `configInvalid`',
    departure: 'D22',
    run: async ({ open, backend, directory }) => {
      const SSL_CERT_FILE = path.join(directory, 'empty.pem');
      fs.writeFileSync(SSL_CERT_FILE, '');
      const plain = await (await open({ env: { SSL_CERT_FILE } })).ask(readLimits, usageOnly);
      const after = ['-c', 'chatgpt_base_url="https://127.0.0.1:9"'];
      const { error } = await (await open({ env: { SSL_CERT_FILE }, after })).ask(readLimits, usageOnly);
      return { plain: outcome(plain), error, sent: backend.seen() };
    },
  },
  {
    name: 'the roots in all files of certificates are trusted together',
    promise: 'CA certificates: These certificates are trusted, together.',
    departure: 'D26',
    run: async ({ open, backend, directory }) => {
      const [authority, other] = [await createAuthority('authority'), await createAuthority('other')];
      const front = await startHttps(await createCertificate(authority), backend.url);
      const file = (name, { cert }) => {
        fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
        fs.writeFileSync(path.join(directory, name), cert);
        return path.join(directory, name);
      };
      const right = file('folder/authority.crt', authority);
      const wrong = file('other.pem', other);
      const environments = {
        alone: { CODEX_CA_CERTIFICATE: right },
        'beside another file': { CODEX_CA_CERTIFICATE: wrong, SSL_CERT_FILE: right },
        'in a folder': { CODEX_CA_CERTIFICATE: wrong, SSL_CERT_DIR: path.dirname(right) },
        'for node': { SSL_CERT_FILE: wrong, NODE_EXTRA_CA_CERTS: right },
      };
      const seen = {};
      for (const [name, env] of Object.entries(environments)) {
        const server = await open({ env: { ...noCertificates, ...env }, after: baseUrl(front.url) });
        const answer = outcome(await server.ask(readLimits, usageOnly));
        seen[name] = answer.message?.replace(front.url, '<https>') ?? answer;
      }
      await front.close();
      return seen;
    },
  },
  {
    name: 'the error of a failed handshake says why, and what to do',
    promise: 'Failed handshakes: the error is `backendUnreachable`, and its text is that of codex.',
    run: async ({ open, backend, directory }) => {
      const day = 86_400_000;
      const validity = (from, to) => ({
        notBeforeDate: new Date(Date.now() + from * day),
        notAfterDate: new Date(Date.now() + to * day),
      });
      const authority = await createAuthority('authority');
      const certificates = {
        'unknown issuer': await createCertificate(await createAuthority('other')),
        'self-signed': await createCertificate(),
        expired: await createCertificate(authority, validity(-20, -10)),
        'not yet valid': await createCertificate(authority, validity(10, 20)),
      };
      const CODEX_CA_CERTIFICATE = path.join(directory, 'ca.pem');
      fs.writeFileSync(CODEX_CA_CERTIFICATE, authority.cert);
      const env = { ...noCertificates, CODEX_CA_CERTIFICATE };
      const seen = {};
      for (const [name, certificate] of Object.entries(certificates)) {
        const front = await startHttps(certificate, backend.url);
        const server = await open({ env, after: baseUrl(front.url) });
        const { error } = await server.ask(readLimits, usageOnly);
        seen[name] = { ...error, message: error.message.replace(front.url, '<https>') };
        await front.close();
      }
      return { seen, sent: backend.seen() };
    },
  },
];

const baseUrl = (url) => ['-c', `chatgpt_base_url=${JSON.stringify(url)}`];

const noCertificates = {
  CODEX_CA_CERTIFICATE: undefined,
  SSL_CERT_FILE: undefined,
  SSL_CERT_DIR: undefined,
  NODE_EXTRA_CA_CERTS: undefined,
};

const kind = { keyType: 'ec', algorithm: 'sha256' };

async function createAuthority(name) {
  const extensions = [{ name: 'basicConstraints', cA: true, critical: true }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    ...kind,
    extensions,
  });
  return { key, cert };
}

/** Creates a certificate for 127.0.0.1; without an authority it is self-signed. */
async function createCertificate(ca, validity) {
  const extensions = [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }];
  const options = { ...kind, extensions, ...validity, ...(ca && { ca }) };
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], options);
  return { key, cert };
}

/** Starts an https server that passes its requests on to the backend. */
async function startHttps(certificate, backendUrl) {
  const server = https.createServer(certificate, async (request, response) => {
    const { method, headers } = request;
    const reply = await fetch(backendUrl + request.url, {
      method,
      headers: { authorization: headers.authorization },
    });
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
    response.end(await reply.text());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
