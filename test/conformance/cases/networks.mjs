import { readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const elsewhere = () => 'chatgpt_base_url = "http://backend.example"\n';
const outcome = ({ error, rateLimits }) => error ?? rateLimits.planType;

export default [
  {
    name: 'http goes to the proxy that the environment names, with its password',
    promise: 'Proxies: `user:password@` is sent to the proxy as Basic authentication.',
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
    promise: 'Proxies: If a proxy fails, the request fails',
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
];
