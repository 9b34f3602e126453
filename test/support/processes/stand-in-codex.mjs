#!/usr/bin/env node
// Stands in for the real codex app-server in tests. `STAND_IN` chooses how it behaves, a JSON object:
//   {version: null | TEXT, answer: 'never' | 'error', garbage: N bytes before the answer, exitCode, stderr, ignoresEnd,
//   startNews, newAccessToken: stored when it is asked to refresh, refreshes: asks the issuer for new tokens then,
//   refusedLogins: how many logins it refuses,
//   ignoresMessages: after initialize it reads nothing until SIGUSR2}
// It appends what it sees to the file in STAND_IN_LOG, one JSON line for its start, each message and its end.
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const how = JSON.parse(process.env.STAND_IN ?? '{}');
const logPath = process.env.STAND_IN_LOG;
const note = (entry) =>
  logPath && appendFileSync(logPath, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
let lastOwnId = -1;
let login = how.login ?? null;
const authPath = join(process.env.CODEX_HOME ?? '', 'auth.json');
let buffered = '';
let flooded = 0;
let refreshed = Promise.resolve();
/** From the id of a request to the client to that of the request that waits for it. */
const waitingForClient = new Map();
let isInOrder = true;

if (process.argv[2] === '--version') {
  note({ event: 'version' });
  if (how.version !== null) process.stdout.write(`codex-cli ${how.version ?? '0.171.3'}\n`);
  process.exit(0);
}

note({ event: 'start', args: process.argv.slice(2), cwd: process.cwd(), hasLogin: existsSync(authPath) });
if (how.stderr !== undefined) process.stderr.write(how.stderr);
if (how.exitCode !== undefined) process.exit(how.exitCode);
process.on('exit', () => note({ event: 'end' }));
// Reading in bytes keeps up with a flood.
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (buffered + text).split('\n');
  buffered = lines.pop();
  for (const line of lines) if (line !== '') receive(line);
});
process.stdin.on('end', () => {
  if (how.ignoresEnd) setInterval(() => undefined, 60_000);
  else process.exit(0);
});

function receive(line) {
  const message = JSON.parse(line);
  if (message.method === 'test/flooded') return countFlooded(message.params.number);
  note({ event: 'message', line });
  if (message.method === undefined || message.id === undefined) {
    if (message.method !== undefined) return;
    write({ method: 'test/answered', params: { answer: message } });
    const waiting = waitingForClient.get(message.id);
    if (waiting !== undefined) write({ id: waiting, result: {} });
    return;
  }
  const { id, method, params } = message;
  if (method === 'initialize') return initialize(id);
  answer(id, method, params ?? {});
}

function countFlooded(number) {
  isInOrder &&= number === flooded;
  flooded += 1;
}

function initialize(id) {
  if (how.garbage) process.stdout.write(`${'x'.repeat(99)}\n`.repeat(Math.ceil(how.garbage / 100)));
  if (how.answer === 'never') return;
  if (how.answer === 'error') return write({ error: { code: -32600, message: 'no' }, id });
  write({ id, result: { userAgent: 'stand-in/0.171.3', codexHome: process.env.CODEX_HOME } });
  write({ method: 'remoteControl/status/changed', params: { status: 'disabled' } });
  if (how.startNews) updated('workspaceRoutingReady');
  if (how.ignoresMessages) {
    process.stdin.pause();
    const timer = setInterval(() => undefined, 60_000);
    process.once('SIGUSR2', () => {
      clearInterval(timer);
      process.stdin.resume();
    });
  }
}

function updated(reason = null) {
  const params = { authMode: login, planType: login === 'chatgpt' ? 'pro' : null, reason };
  write({ method: 'account/updated', params });
}

function answer(id, method, params) {
  switch (method) {
    case 'test/flood':
      write({ id, result: {} });
      for (let number = 0; number < params.count; number += 1) {
        write({ method: 'test/flooded', params: { number, pad: 'p'.repeat(params.size ?? 100) } });
      }
      return undefined;
    case 'test/ask':
      lastOwnId += 1;
      write({ id: lastOwnId, method: 'item/tool/requestUserInput', params: { number: params.number } });
      if (params.isAwaited) return waitingForClient.set(lastOwnId, id);
      return write({ id, result: { asked: lastOwnId } });
    case 'test/resolve':
      write({ method: 'serverRequest/resolved', params: { threadId: 't', requestId: params.requestId } });
      return write({ id, result: {} });
    case 'test/write':
      process.stdout.write(params.text);
      return write({ id, result: {} });
    case 'test/count':
      return write({ id, result: { flooded, isInOrder } });
    case 'test/never':
      return undefined;
    case 'test/die':
      return process.kill(process.pid, 'SIGKILL');
    case 'test/stderr':
      process.stderr.write(params.text);
      return write({ id, result: {} });
    case 'test/refuse':
      return write({ error: { code: -32601, message: 'refused', data: { a: [1, '}'] } }, id });
    case 'account/login/start':
      if (how.refusedLogins > 0) {
        how.refusedLogins -= 1;
        return write({ error: { code: -32600, message: 'no' }, id });
      }
      login = params.type === 'apiKey' ? 'apikey' : 'chatgptAuthTokens';
      if (params.type === 'apiKey') store({ auth_mode: 'apikey', OPENAI_API_KEY: params.apiKey });
      write({ id, result: { type: params.type } });
      write({ method: 'account/login/completed', params: { loginId: null, success: true, error: null } });
      return updated();
    case 'account/logout':
      login = null;
      rmSync(authPath, { force: true });
      write({ id, result: {} });
      return updated();
    case 'account/read':
      if (params.refreshToken && how.refreshes) return refreshInOrder(id);
      if (params.refreshToken && how.newAccessToken) renew({ access_token: how.newAccessToken });
      return write({ id, result: {} });
    case 'test/refresh':
      return refreshInOrder(id);
    default:
      return write({ id, result: { method, params, by: 'stand-in' } });
  }
}

function store(login) {
  writeFileSync(`${authPath}.new`, JSON.stringify(login), { mode: 0o600 });
  replace(`${authPath}.new`, authPath);
}

/** Tries again on Windows: a file that another process has open cannot be replaced there. */
function replace(newPath, path, tries = 200) {
  try {
    renameSync(newPath, path);
  } catch (error) {
    if (process.platform !== 'win32' || tries === 0) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    replace(newPath, path, tries - 1);
  }
}

function stored() {
  return JSON.parse(readFileSync(authPath, 'utf8'));
}

function renew(tokens) {
  const login = stored();
  store({ ...login, tokens: { ...login.tokens, ...tokens }, last_refresh: new Date().toISOString() });
}

function refreshInOrder(id) {
  refreshed = refreshed.then(refresh).then(() => write({ id, result: {} }));
}

async function refresh() {
  const { refresh_token } = stored().tokens;
  const reply = await fetch(process.env.CODEX_REFRESH_TOKEN_URL_OVERRIDE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'stand-in', grant_type: 'refresh_token', refresh_token }),
  });
  if (reply.ok) renew(await reply.json());
}
