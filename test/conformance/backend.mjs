// A backend on 127.0.0.1 that sends the replies of a case and records the requests.
import http from 'node:http';

export const usageBody = {
  plan_type: 'pro',
  account_id: 'account-1',
  user_id: 'user-1',
  rate_limit: {
    allowed: true,
    limit_reached: false,
    primary_window: windowOf(300, 42, 1_900_000_000),
    secondary_window: windowOf(10_080, 5, 1_900_500_000),
  },
};

export const creditsBody = {
  available_count: 1,
  credits: [
    {
      id: 'credit-1',
      reset_type: 'codex_rate_limits',
      status: 'available',
      granted_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00Z',
      title: 'Monthly reset',
      description: null,
    },
  ],
};

/** Returns a window in the form of the backend. */
export function windowOf(minutes, usedPercent, resetAt) {
  return {
    used_percent: usedPercent,
    limit_window_seconds: minutes * 60,
    reset_after_seconds: 60,
    reset_at: resetAt,
  };
}

const usualReplies = {
  usage: { body: usageBody },
  'rate-limit-reset-credits': { body: creditsBody },
  'rate-limit-reset-credits/consume': { body: { code: 'reset', windows_reset: 2 } },
};

/** The requests that codex sends by itself, at start and later (D19). */
const unaskedPath = /\/(accounts\/check|config\/bundle|ps\/[^?]*)(?:\?.*)?$/;

/**
 * Starts it. With `keepsUnasked` the requests that a server sends by itself are recorded separately from those of the
 * case.
 *
 * `replies` holds the reply for each resource (the path without its prefix): `{ status, headers, body }`, or a function
 * that gets request and response. The case may change it at any time.
 */
export async function startBackend({ keepsUnasked = false } = {}) {
  const replies = { ...usualReplies };
  const requests = [];
  const unasked = new Set();
  let waiting = [];

  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const { method, url: path, headers } = request;
    const resource = path.replace(/^.*?\/(?:api\/codex|wham)\//, '');
    const clientPort = request.socket.remotePort;
    const unaskedFor = keepsUnasked && unaskedPath.exec(path)?.[1];
    if (unaskedFor) unasked.add(unaskedFor);
    else requests.push({ method, path, headers, body, resource, response, clientPort });
    for (const { isThere, resume } of waiting) if (isThere()) resume();
    waiting = waiting.filter(({ isThere }) => !isThere());
    const reply = replies[resource] ?? {
      status: 404,
      headers: { 'content-type': 'text/plain' },
      body: 'none',
    };
    if (typeof reply === 'function') reply(request, response);
    else answer(response, reply);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();

  return {
    url: `http://127.0.0.1:${port}`,
    replies,
    requests,
    /** The requests that were recorded separately. */
    unasked: () => [...unasked],
    /** Resolves when a resource has been requested `count` times, with the last of these requests. */
    asked(resource, count = 1) {
      const those = () => requests.filter((request) => request.resource === resource);
      const isThere = () => those().length >= count;
      if (isThere()) return those()[count - 1];
      return new Promise((resolve) => {
        waiting.push({ isThere, resume: () => resolve(those()[count - 1]) });
      });
    },
    /** Holds the requests of a resource until the returned function is called. */
    hold(resource, reply = usualReplies[resource]) {
      const held = [];
      replies[resource] = (_request, response) => held.push(response);
      return () => {
        replies[resource] = reply;
        for (const response of held) answer(response, reply);
      };
    },
    /** The requests, without the order of concurrent ones. */
    seen: () => requests.map(({ method, path }) => `${method} ${path}`).sort(),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends a reply. A body that is neither text nor bytes is sent as JSON. */
export function answer(response, { status = 200, headers = {}, body = '' }) {
  if (response.destroyed) return;
  const isPlain = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(isPlain ? body : JSON.stringify(body));
}

/** Faults in place of a reply. */
export const neverAnswered = () => undefined;
export const connectionLost = (_request, response) => response.destroy();
export const bodyCutOff = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  response.write('{"plan_type":"pro"', () => response.destroy());
};
