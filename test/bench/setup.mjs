// Prepares a run of the benchmark: a backend, the measuring program, and a home for each contestant.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootCertificates } from 'node:tls';
import { build } from 'esbuild';
import { generate } from 'selfsigned';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Creates a folder that is removed when this program ends. */
export function makeFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-account-server-bench-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  return folder;
}

/** Compiles the measuring program, and bundles the floor like the server. */
export async function prepare(folder) {
  const measurer = path.join(folder, 'measured-process');
  execFileSync('cc', ['-O2', '-o', measurer, path.join(here, 'measured-process.c')]);
  const floor = path.join(folder, 'floor.cjs');
  await build({
    entryPoints: [path.join(here, 'floor.mjs')],
    platform: 'node',
    format: 'cjs',
    bundle: true,
    outfile: floor,
  });
  return { measurer, floor };
}

/** Starts the backend; `caPath` is the file of its authority if it uses TLS. */
export async function startBackend(folder, protocol) {
  const tlsFolder = protocol === 'https' ? await makeCertificates(folder) : undefined;
  const words = [path.join(here, 'backend.mjs'), ...(tlsFolder ? [tlsFolder] : [])];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return {
    url: `${protocol}://127.0.0.1:${Number(port)}`,
    caPath: tlsFolder && path.join(tlsFolder, 'ca.pem'),
    /** Resolves with the number of requests so far. */
    async requestCount() {
      const [count] = await Promise.all([once(child.stdout, 'data'), child.stdin.write('\n')]);
      return Number(count);
    },
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function makeCertificates(parent) {
  const subject = (value) => [{ name: 'commonName', value }];
  const kind = { keyType: 'ec', algorithm: 'sha256' };
  const authority = await generate(subject('bench authority'), {
    ...kind,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const server = await generate(subject('127.0.0.1'), {
    ...kind,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    ca: { key: authority.private, cert: authority.cert },
  });
  const folder = fs.mkdtempSync(path.join(parent, 'tls-'));
  // Like a machine whose file of trusted roots includes a private one: the floor trusts only that file.
  const trusted = [...rootCertificates, authority.cert].join('\n');
  const files = { 'ca.pem': trusted, 'cert.pem': server.cert, 'key.pem': server.private };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

/** Prepares the start of a command with its own home. Its environment has only PATH of ours. */
export function createContestant(folder, { name, words }, { url, caPath }) {
  const home = fs.mkdtempSync(path.join(folder, 'home-'));
  const codexHome = path.join(home, '.codex');
  fs.mkdirSync(codexHome);
  fs.writeFileSync(path.join(codexHome, 'config.toml'), `chatgpt_base_url = "${url}"\n`);
  fs.writeFileSync(path.join(codexHome, 'auth.json'), JSON.stringify(login()), { mode: 0o600 });
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    CODEX_HOME: codexHome,
    ...(caPath && { SSL_CERT_FILE: caPath }),
  };
  return { name, words, environment, cwd: home };
}

function login() {
  const inYearsSeconds = Math.floor(Date.now() / 1000) + 100_000_000;
  const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const account = { chatgpt_plan_type: 'plus', chatgpt_user_id: 'user', chatgpt_account_id: 'account' };
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: jwt({ email: 'bench@example.com', 'https://api.openai.com/auth': account }),
      access_token: jwt({ exp: inYearsSeconds }),
      refresh_token: 'bench',
      account_id: 'account',
    },
    last_refresh: new Date().toISOString(),
  };
}
