import { withConnectErrors } from './connection-failure.js';
import type { Environment, Proxy } from './proxy.js';
import type { Trust } from './trust/trust.js';
import { Agent, buildConnector, type Dispatcher } from './undici.js';

/**
 * Reads share connections that are kept alive, at most 128 to each origin; further reads wait for one of them. A
 * change never waits behind reads, and gets a new connection: the other side may close a kept one while the request
 * is being sent, and then it is unknown whether the request arrived. So it also gets an agent of its own: the shortest
 * time that undici can keep a connection is long enough for a second change.
 */
const pools = {
  kept: { connections: 128 },
  new: { keepAliveTimeout: 1, keepAliveMaxTimeout: 1 },
};

export type Pool = keyof typeof pools;

const maxHeaderSize = 256 * 1024;

/** Sends a request. Returns whether a connection is being opened for it. */
export type Send = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => boolean;

/** Returns the function that sends requests to a URL; a promise if TLS has to be set up first. */
export type FindRoute = (url: URL, pool: Pool, proxy: Proxy | undefined) => Send | Promise<Send>;

/**
 * Creates each agent of undici when it is first used, and loads TLS with the first one that needs it.
 *
 * @param environment names files of CA certificates; see `createTrust`
 */
export function createRoutes(environment: Environment): FindRoute {
  const routes = new Map<string, Send>();
  let trust: Trust | undefined;

  async function trusted(): Promise<Trust> {
    const { createTrust } = await import('./trust/trust.js');
    return (trust ??= createTrust(environment));
  }

  function routeFor(key: string, pool: Pool, createConnector: () => buildConnector.connector): Send {
    const known = routes.get(key);
    if (known) return known;
    const route = createRoute(pool, createConnector());
    routes.set(key, route);
    return route;
  }

  /** @param origin the backend's, or the proxy's */
  function directRoute(pool: Pool, origin: URL): Send | Promise<Send> {
    if (origin.protocol === 'http:') return routeFor(`${pool} http`, pool, () => buildConnector({}));
    return routes.get(`${pool} https`) ?? tlsRoute(pool);
  }

  async function tlsRoute(pool: Pool): Promise<Send> {
    const [{ createTrustingConnector, createDirectConnector }, trust] = await Promise.all([
      import('./trust/trusting-connector.js'),
      trusted(),
    ]);
    return routeFor(`${pool} https`, pool, () => createTrustingConnector(trust, createDirectConnector));
  }

  async function tunnel(pool: Pool, proxy: Proxy): Promise<Send> {
    const [{ createTrustingConnector }, { createTunnelConnector }, trust] = await Promise.all([
      import('./trust/trusting-connector.js'),
      import('./tunnel.js'),
      trusted(),
    ]);
    const create = (): buildConnector.connector =>
      createTrustingConnector(trust, (context) => createTunnelConnector(proxy, context));
    return routeFor(`${pool} tunnel`, pool, create);
  }

  return (url, pool, proxy) =>
    proxy && url.protocol === 'https:' ? tunnel(pool, proxy) : directRoute(pool, proxy?.url ?? url);
}

/**
 * Creates a function that sends requests, and returns whether it has opened a connection: undici calls the connector
 * within `dispatch` if the pool has no connection that is free.
 */
function createRoute(pool: Pool, connector: buildConnector.connector): Send {
  const connectOrFail = withConnectErrors(connector);
  let openedCount = 0;
  const createAgent = (): Agent =>
    new Agent({
      ...pools[pool],
      maxHeaderSize,
      connect(options, callback) {
        openedCount += 1;
        connectOrFail(options, callback);
      },
    });
  const shared = pool === 'kept' ? createAgent() : undefined;
  return (options, handler) => {
    const before = openedCount;
    (shared ?? createAgent()).dispatch(options, handler);
    return openedCount > before;
  };
}
