// The minimum that a poll can cost: a plain server on node:http or node:https that checks nothing and has two reads.
// `run-bench.mjs` bundles it into one CommonJS file, like the real server.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const home = process.env.CODEX_HOME ?? '.';
const windowOf = (window) =>
  window && {
    usedPercent: window.used_percent,
    windowDurationMins: Math.ceil(window.limit_window_seconds / 60),
    resetsAt: window.reset_at,
  };

let backend;
let openReads = 0;
let hasEnded = false;
let unread = '';

function connect() {
  const config = fs.readFileSync(path.join(home, 'config.toml'), 'utf8');
  const { tokens } = JSON.parse(fs.readFileSync(path.join(home, 'auth.json'), 'utf8'));
  const base = /chatgpt_base_url = "(.*)"/.exec(config)[1];
  const isTls = base.startsWith('https:');
  const client = isTls ? process.getBuiltinModule('node:https') : http;
  const headers = { authorization: `Bearer ${tokens.access_token}`, 'chatgpt-account-id': tokens.account_id };
  const agent = new client.Agent({ keepAlive: true, ...(isTls && { secureContext: trust() }) });
  return { base, client, options: { headers, agent } };
}

/** Created once, because node would read all certificates again for each connection. */
function trust() {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  return createSecureContext({ ca: fs.readFileSync(process.env.SSL_CERT_FILE) });
}

function get(resource) {
  const { base, client, options } = (backend ??= connect());
  return new Promise((resolve, reject) => {
    const request = client.get(`${base}/api/codex/${resource}`, options, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve(JSON.parse(body)));
    });
    request.on('error', reject);
  });
}

async function readRateLimits() {
  const [usage, details] = await Promise.all([get('usage'), get('rate-limit-reset-credits')]);
  const { primary_window: primary, secondary_window: secondary } = usage.rate_limit;
  const rateLimits = {
    limitId: 'codex',
    primary: windowOf(primary),
    secondary: windowOf(secondary),
    planType: usage.plan_type,
  };
  return {
    rateLimits,
    rateLimitsByLimitId: { codex: rateLimits },
    rateLimitResetCredits: { availableCount: details.available_count, credits: details.credits },
  };
}

function answer(id, result) {
  process.stdout.write(`${JSON.stringify({ id, result })}\n`);
}

function exitWhenDone() {
  if (hasEnded && openReads === 0) process.exit(0);
}

async function take({ id, method }) {
  if (method === 'initialize') answer(id, { userAgent: 'floor', codexHome: home, platformOs: 'linux' });
  if (method !== 'account/rateLimits/read') return;
  openReads += 1;
  answer(id, await readRateLimits());
  openReads -= 1;
  exitWhenDone();
}

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (unread + text).split('\n');
  unread = lines.pop();
  for (const line of lines) void take(JSON.parse(line));
});
process.stdin.on('end', () => {
  hasEnded = true;
  exitWhenDone();
});
