import net from 'node:net';

import { answer, usageBody } from '../backend.mjs';
import { readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const elsewhere = () => 'chatgpt_base_url = "http://backend.example"\n';
const outcome = ({ error, rateLimits }) => error ?? rateLimits.planType;

export default [
  {
    name: 'http goes to the proxy that the environment names, with its password',
    promise: [
      'Proxies: `user:password@` is sent to the proxy as Basic authentication.',
      'Network: `user:password@` is sent to the proxy as Basic authentication.',
    ],
    departure: 'D20',
    config: elsewhere,
    run: async ({ open, backend }) => {
      const { host } = new URL(backend.url);
      const seen = {};
      const environments = {
        upper: { HTTP_PROXY: backend.url },
        lower: { http_proxy: `user:p%40ss@${host}` },
        all: { ALL_PROXY: host },
        both: { HTTP_PROXY: backend.url, http_proxy: 'http://127.0.0.1:9' },
      };
      for (const [name, env] of Object.entries(environments)) {
        const server = await open({ env: { NO_PROXY: undefined, ...env } });
        const answer = outcome(await server.ask(readLimits, usageOnly));
        const request = backend.requests.find(({ resource }) => resource === 'usage');
        seen[name] = [
          answer,
          request?.path,
          request?.headers.host,
          request?.headers['proxy-authorization'] ?? null,
        ];
        backend.requests.length = 0;
      }
      return seen;
    },
  },
  {
    name: 'NO_PROXY bypasses the proxy, and a proxy that fails is an error',
    promise: ['Proxies: If a proxy fails, the request fails', 'Network: it is never sent without the proxy'],
    run: async ({ open, backend }) => {
      const dead = { HTTP_PROXY: 'http://127.0.0.1:9' };
      const seen = {};
      for (const NO_PROXY of ['127.0.0.1', '127.0.0.0/8', '10.0.0.0/8,other.example', '']) {
        const server = await open({ env: { ...dead, NO_PROXY } });
        seen[NO_PROXY] = outcome(await server.ask(readLimits, usageOnly));
      }
      return { seen, sent: backend.seen() };
    },
  },
  {
    name: 'a read on a silent kept connection is answered on a new one',
    promise:
      'Connections: if the response to a read on a kept connection does not begin within a second, the read is sent a second time',
    departure: 'D20',
    run: async ({ open, backend }) => {
      const server = await open();
      const used = new Set();
      backend.replies.usage = ({ socket }, response) => {
        if (!used.has(socket)) answer(response, { body: usageBody });
        used.add(socket);
      };
      const plans = [];
      for (const _read of [1, 2]) plans.push(outcome(await server.ask(readLimits, usageOnly)));
      return { plans, sent: backend.seen() };
    },
  },
  {
    name: 'a slow backend is asked at most twice, and its answer on the kept connection counts',
    promise: 'Connections: There is no third request, and the time limit stays that of the read.',
    departure: 'D20',
    run: async ({ open, backend }) => {
      const server = await open();
      const plans = [outcome(await server.ask(readLimits, usageOnly))];
      let isFirst = true;
      backend.replies.usage = (_request, response) => {
        if (isFirst) setTimeout(() => answer(response, { body: usageBody }), 2_500);
        isFirst = false;
      };
      plans.push(outcome(await server.ask(readLimits, usageOnly)));
      return { plans, sent: backend.seen() };
    },
  },
  {
    name: 'a backend that speaks only HTTP/2 is named',
    promise:
      'Connections: A backend that speaks only HTTP/2 is `backendUnreachable` with the reason `http2Only`',
    departure: 'D22',
    run: async ({ open }) => {
      const settings = Buffer.from('000000040000000000', 'hex');
      const listener = net.createServer((socket) => {
        socket.on('error', () => undefined).once('data', () => socket.end(settings));
      });
      await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
      const { port } = listener.address();
      const server = await open({ after: ['-c', `chatgpt_base_url="http://127.0.0.1:${port}"`] });
      const { error } = await server.ask(readLimits, usageOnly);
      listener.close();
      return { ...error, message: error.message.replace(`:${port}`, ':PORT') };
    },
  },
  {
    name: 'a cookie of another host than those of ChatGPT is not kept',
    promise: 'Cookies: They are kept if they come over https from `chatgpt.com`',
    run: async ({ open, backend }) => {
      const server = await open();
      const headers = { 'set-cookie': ['__cf_bm=1; Path=/', '_cfuvid=2'] };
      backend.replies.usage = { headers, body: usageBody };
      const plans = [];
      for (const _read of [1, 2]) plans.push(outcome(await server.ask(readLimits, usageOnly)));
      return { plans, cookies: backend.requests.map((request) => request.headers.cookie ?? null) };
    },
  },
];
