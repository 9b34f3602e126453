import type { SecureContext } from 'node:tls';
import type { Signal } from '../util/abort.js';
import type { Log } from '../util/log.js';
import { createConnectReport } from './connect-report.js';
import { ConnectError, withConnectErrors } from './connection-failure.js';
import { dispatch, type HttpResponse } from './dispatch.js';
import type { Environment, Proxy } from './proxy.js';
import { Agent, buildConnector } from './undici.js';

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: Signal;
  /** How much of the body of an answer is wanted, by its status. */
  readonly maxBytesOf: (status: number) => number;
}

/** What sends the requests. */
export interface HttpConnections {
  /**
   * @param pool whose connections it uses
   * @throws AppError `configInvalid`: the file of CA certificates cannot be used
   * @throws ConnectError nothing was sent
   */
  request(pool: keyof typeof pools, request: OutgoingRequest): Promise<HttpResponse>;
}

export interface HttpConnectionsOptions {
  /** Names proxies and CA certificates; see `proxyFor` and `createTrust`. */
  readonly environment: Environment;
  readonly log: Log;
  /** Called before the first connection. */
  readonly onFirstUse?: () => void;
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
  onFirstUse,
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
    if (agents.size === 0) onFirstUse?.();
    const agent = new Agent({ ...pools[pool], maxHeaderSize, connect: withConnectErrors(connect()) });
    agents.set(key, agent);
    return agent;
  }

  /** Straight to `origin`, the backend's or that of a proxy. */
  async function directAgent(pool: keyof typeof pools, origin: URL): Promise<Agent> {
    if (origin.protocol === 'http:') return agentFor(`${pool} http`, pool, () => buildConnector({}));
    const context = await trusted();
    return agentFor(`${pool} https`, pool, () => createTlsConnector(context));
  }

  async function tunnelAgent(pool: keyof typeof pools, proxy: Proxy): Promise<Agent> {
    const [{ createTunnelConnector }, context] = await Promise.all([import('./tunnel.js'), trusted()]);
    return agentFor(`${pool} tunnel`, pool, () => createTunnelConnector(proxy, context));
  }

  async function send(
    pool: keyof typeof pools,
    request: OutgoingRequest,
    proxy: Proxy | undefined,
  ): Promise<HttpResponse> {
    const { url, headers, method, body } = request;
    const path = url.pathname + url.search;
    const options = { method, body, origin: url.origin, path, headers, headersTimeout: 0, bodyTimeout: 0 };
    if (!proxy) return dispatch(await directAgent(pool, url), options, request);
    if (url.protocol === 'https:') return dispatch(await tunnelAgent(pool, proxy), options, request);
    const proxyHeaders = { ...headers, host: url.host, ...authorization(proxy) };
    const proxied = { ...options, origin: proxy.url.origin, path: url.origin + path, headers: proxyHeaders };
    return dispatch(await directAgent(pool, proxy.url), proxied, request);
  }

  return {
    async request(pool, request) {
      let proxy: Proxy | undefined;
      try {
        if (hasProxies) proxy = (await import('./proxy.js')).proxyFor(request.url, environment);
        request.signal.throwIfAborted();
        return await send(pool, request, proxy);
      } catch (error) {
        if (error instanceof ConnectError) report(error, request.url, proxy);
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

function authorization(proxy: Proxy): Readonly<Record<string, string>> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization };
}
