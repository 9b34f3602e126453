import type { SecureContext } from 'node:tls';
import type { Log } from '../util/log.js';
import { createConnectReport } from './connect-report.js';
import { ConnectError, withConnectErrors } from './connection-failure.js';
import { dispatch, type HttpResponse } from './dispatch.js';
import type { Environment, Proxy } from './proxy.js';
import { Agent, buildConnector } from './undici.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Whose connections it uses. */
  readonly pool: keyof typeof pools;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/** What sends the requests. */
export interface HttpConnections {
  /**
   * @param maxBytesOf how much of the body of an answer is wanted, by its status
   * @throws AppError `configInvalid`: the file of CA certificates cannot be used
   * @throws ConnectError nothing was sent
   */
  request(request: HttpRequest, maxBytesOf: (status: number) => number): Promise<HttpResponse>;
}

export interface HttpConnectionsOptions {
  /** Names proxies and CA certificates; see `proxyFor` and `createTrust`. */
  readonly environment: Environment;
  readonly log: Log;
  /** Called with each reply. */
  readonly onReply?: () => void;
}

/**
 * Connections for reads are kept alive, at most 128 to each origin; further reads wait for one of them. What changes
 * something never waits behind reads, and gets a connection of its own: a kept one may be closed by the other side
 * just as the request goes out, and then nobody knows whether it arrived.
 */
const pools = {
  reads: { connections: 128 },
  writes: { keepAliveTimeout: 1, keepAliveMaxTimeout: 1 },
};

const maxHeaderSize = 256 * 1024;

/** Nothing is read, built or connected before the first request, and TLS not before the first one that needs it. */
export function createHttpConnections({
  environment,
  log,
  onReply,
}: HttpConnectionsOptions): HttpConnections {
  const agents = new Map<string, Agent>();
  const hasProxies = Object.keys(environment).some((name) => /^(https?|all)_proxy$/i.test(name));
  const report = createConnectReport(log);
  let secureContext: (() => Promise<SecureContext>) | undefined;

  async function trusted(): Promise<SecureContext> {
    const { createTrust } = await import('./tls.js');
    secureContext ??= createTrust(environment);
    return secureContext();
  }

  function agentFor(key: string, pool: keyof typeof pools, connect: () => buildConnector.connector): Agent {
    const known = agents.get(key);
    if (known) return known;
    const agent = new Agent({ ...pools[pool], maxHeaderSize, connect: withConnectErrors(connect()) });
    agents.set(key, agent);
    return agent;
  }

  /** Straight to `origin`, the backend's or that of a proxy. A promise only where TLS has to be set up. */
  function directAgent(pool: keyof typeof pools, origin: URL): Agent | Promise<Agent> {
    if (origin.protocol === 'http:') return agentFor(`${pool} http`, pool, () => buildConnector({}));
    const key = `${pool} https`;
    return (
      agents.get(key) ?? trusted().then((context) => agentFor(key, pool, () => createTlsConnector(context)))
    );
  }

  async function tunnelAgent(pool: keyof typeof pools, proxy: Proxy): Promise<Agent> {
    const [{ createTunnelConnector }, context] = await Promise.all([import('./tunnel.js'), trusted()]);
    return agentFor(`${pool} tunnel`, pool, () => createTunnelConnector(proxy, context));
  }

  return {
    async request(request, maxBytesOf) {
      const { pool, url, headers, method, body = null, signal } = request;
      const path = url.pathname + url.search;
      const options = { method, body, origin: url.origin, path, headers, headersTimeout: 0, bodyTimeout: 0 };
      let proxy: Proxy | undefined;
      try {
        if (hasProxies) proxy = (await import('./proxy.js')).proxyFor(url, environment);
        const isTunnelled = url.protocol === 'https:';
        const agent = proxy && isTunnelled ? tunnelAgent(pool, proxy) : directAgent(pool, proxy?.url ?? url);
        const sent = proxy && !isTunnelled ? throughProxy(options, url, proxy) : options;
        const response = await dispatch(await agent, sent, { signal, maxBytesOf });
        onReply?.();
        return response;
      } catch (error) {
        if (error instanceof ConnectError) report(error, url, proxy);
        throw error;
      }
    },
  };
}

/** The certificate is to be for the host that is connected to; undici would take the one that the request is for. */
function createTlsConnector(secureContext: SecureContext): buildConnector.connector {
  const connect = buildConnector({ secureContext });
  return ({ servername: _, ...options }, callback) => {
    connect(options, callback);
  };
}

/** As a proxy wants it that is asked to fetch something. */
function throughProxy<O extends { readonly path: string; readonly headers: HttpRequest['headers'] }>(
  options: O,
  url: URL,
  proxy: Proxy,
): O {
  const headers = { ...options.headers, host: url.host, ...authorization(proxy) };
  return { ...options, origin: proxy.url.origin, path: url.origin + options.path, headers };
}

function authorization(proxy: Proxy): Readonly<Record<string, string>> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}
