import { bodyCutOff, connectionLost, startBackend, usageBody } from '../backend.mjs';
import { storedTokens } from '../codex-home.mjs';
import { consume, readLimits } from '../methods.mjs';

const consumption = 'rate-limit-reset-credits/consume';
const usageOnly = { excludeResetCreditDetails: true };
const plain = (status, body, headers) => ({
  status,
  body,
  headers: { 'content-type': 'text/plain', ...headers },
});

/** Reads once for each reply of the usage; returns the errors, or `answered`. */
async function readEach({ open, backend }, replies) {
  const server = await open();
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies.usage = reply;
    seen[name] = (await server.ask(readLimits, usageOnly)).error ?? 'answered';
  }
  return seen;
}

const byStatus = (statuses, make) => Object.fromEntries(statuses.map((status) => [status, make(status)]));

export default [
  {
    name: 'an error status is reported with its reason, content type and body',
    promise: 'Errors: `code` and `message` are those of codex.',
    run: (context) =>
      readEach(context, {
        ...byStatus([400, 401, 404, 409, 500, 502, 503, 504, 429], (status) =>
          plain(status, `why ${status}`),
        ),
        403: {
          status: 403,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: '<html>\n<b>no</b></html>',
        },
        422: { status: 422, body: { detail: [{ msg: 'é "m"' }] } },
      }),
  },
  {
    name: 'rare statuses, and statuses without a name',
    promise: 'Error kinds: the backend answered another error status',
    run: (context) =>
      readEach(context, {
        ...byStatus([300, 402, 405, 413, 418, 451, 499, 599, 999], (status) => plain(status, 'x')),
        302: plain(302, 'nowhere'),
        304: { status: 304 },
        charset: {
          status: 400,
          headers: { 'content-type': 'text/plain; charset=latin1' },
          body: Buffer.from('é', 'latin1'),
        },
      }),
  },
  {
    name: 'error.data has the request id and the time to wait',
    promise: "error.data: the backend's own id of the request",
    departure: 'D21',
    run: (context) =>
      readEach(context, {
        request: plain(500, 'x', { 'x-request-id': 'request-1' }),
        other: plain(500, 'x', { 'x-oai-request-id': 'request-2' }),
        badReply: { headers: { 'x-request-id': 'request-3' }, body: '[]' },
        noTime: plain(429, 'x', { 'retry-after': 'soon' }),
        seconds: plain(429, 'x', { 'retry-after': '30' }),
      }),
  },
  {
    name: 'a redirect of a read is an error, and is not followed',
    promise: 'Redirects: A redirect is an error status',
    departure: 'D3',
    run: async (context) => {
      const elsewhere = await startBackend();
      try {
        const to = (status, location) => plain(status, '', { location });
        const errors = await readEach(context, {
          ...byStatus([301, 302, 303, 307, 308], (status) => to(status, '/api/codex/elsewhere')),
          otherHost: to(302, `${elsewhere.url}/api/codex/usage`),
        });
        return { errors, sent: context.backend.requests.length, elsewhere: elsewhere.seen() };
      } finally {
        await elsewhere.close();
      }
    },
  },
  {
    name: 'a redirect of a consume is an error, and its key is sent to no other place',
    promise: 'Redirects: a token or a key never leaves the configured origin',
    departure: 'D3',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies[consumption] = plain(307, '', { location: '/api/codex/elsewhere' });
      const { error } = await server.ask(consume, { idempotencyKey: 'key' });
      return { error, sent: backend.seen() };
    },
  },
  {
    name: 'a usage request without a reply is given up after 15 s',
    promise: 'Time limits: A usage read takes at most 15 s.',
    departure: 'D4',
    mostlyWaits: true,
    run: async ({ open, backend }) => {
      const server = await open();
      // The body comes slowly: the limit covers all of it.
      backend.replies.usage = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 500);
        response.on('close', () => clearInterval(timer));
      };
      const startMs = performance.now();
      const { error } = await server.ask(readLimits, usageOnly);
      const waitedMs = performance.now() - startMs;
      return { error, isInTime: waitedMs > 14_500 && waitedMs < 18_000 };
    },
  },
  {
    name: 'a connection that is lost, cut off, refused, or not HTTP',
    promise: 'Error kinds: no reply, or a reply that broke off',
    run: async (context) => {
      const lost = await readEach(context, {
        lost: connectionLost,
        cutOff: bodyCutOff,
        noHttp: (request) => request.socket.end('hello\r\n\r\n'),
        badChunk: (request) =>
          request.socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}'),
        brokenError: (request) => request.socket.end('HTTP/1.1 500 X\r\ncontent-length: 9\r\n\r\nx'),
      });
      const server = await context.open({ after: ['-c', 'chatgpt_base_url="http://127.0.0.1:9/"'] });
      return { ...lost, refused: (await server.ask(readLimits, usageOnly)).error };
    },
  },
  {
    name: "a reply that is not a JSON object is reported in this server's own words",
    promise: "Error texts: in this server's own words",
    departure: 'D21',
    run: (context) =>
      readEach(context, {
        empty: { body: '' },
        blank: { body: ' \n' },
        list: { body: '["pro"]' },
        null: { body: 'null' },
        cutOff: { body: '{"plan_type":' },
        html: { headers: { 'content-type': 'text/html' }, body: '<html>x</html>' },
        noContent: { status: 204 },
      }),
  },
  {
    name: 'a reply above 8 MiB is refused, and at most 64 KiB of any body are shown',
    promise: 'Size limits: A reply may have 8 MiB',
    departure: 'D6',
    run: async (context) => {
      const { below, above, long } = await readEach(context, {
        below: { body: withPadding(8_000_000) },
        above: { body: withPadding(9_000_000) },
        long: plain(500, 'é'.repeat(100_000)),
      });
      const cut = ({ message, ...rest }) => {
        const [start, body] = message.split('body=');
        return { ...rest, start, bytes: Buffer.byteLength(body), isWhole: !body.includes('\ufffd') };
      };
      return { below, above: cut(above), long: cut(long) };
    },
  },
  {
    name: 'tokens and the e-mail address are masked in error messages',
    promise: 'Error texts: Tokens and the e-mail address of the login are masked',
    departure: 'D6',
    run: async (context) => {
      const { access_token: access, refresh_token: refresh, id_token: id } = storedTokens;
      const body = `no ${access} ${refresh} ${id} ME@example.com end`;
      const errors = await readEach(context, {
        body: plain(403, body),
        header: { status: 403, headers: { 'content-type': `text/${access}` }, body: 'x' },
      });
      context.backend.replies[consumption] = plain(500, body);
      const server = await context.open();
      const { error } = await server.ask(consume, { idempotencyKey: 'key' });
      return { ...errors, consume: error, stderr: server.stderr() };
    },
  },
];

/** Returns a usage body with this much padding. */
function withPadding(length) {
  return { ...usageBody, padding: 'x'.repeat(length) };
}
