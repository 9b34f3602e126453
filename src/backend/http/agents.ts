import { withConnectErrors } from './connection-failure.js';
import type { Environment, Proxy } from './proxy.js';
import type { Trust } from './trust/trust.js';
import { Agent, buildConnector } from './undici.js';

/**
 * Reads share connections that are kept alive, at most 128 to each origin; further reads wait for one of them. A
 * change never waits behind reads, and gets a new connection: the other side may close a kept one while the request
 * is being sent, and then it is unknown whether the request arrived.
 */
const pools = {
  reads: { connections: 128 },
  writes: { keepAliveTimeout: 1, keepAliveMaxTimeout: 1 },
};

export type Pool = keyof typeof pools;

const maxHeaderSize = 256 * 1024;

/** Returns the agent whose connections lead to a URL; a promise if TLS has to be set up first. */
export type FindAgent = (url: URL, pool: Pool, proxy: Proxy | undefined) => Agent | Promise<Agent>;

/**
 * Creates each agent when it is first used, and loads TLS with the first one that needs it.
 *
 * @param environment names files of CA certificates; see `createTrust`
 */
export function createAgents(environment: Environment): FindAgent {
  const agents = new Map<string, Agent>();
  let trust: Trust | undefined;

  async function trusted(): Promise<Trust> {
    const { createTrust } = await import('./trust/trust.js');
    return (trust ??= createTrust(environment));
  }

  function agentFor(key: string, pool: Pool, connect: () => buildConnector.connector): Agent {
    const known = agents.get(key);
    if (known) return known;
    const agent = new Agent({ ...pools[pool], maxHeaderSize, connect: withConnectErrors(connect()) });
    agents.set(key, agent);
    return agent;
  }

  /** @param origin the backend's, or the proxy's */
  function directAgent(pool: Pool, origin: URL): Agent | Promise<Agent> {
    if (origin.protocol === 'http:') return agentFor(`${pool} http`, pool, () => buildConnector({}));
    return agents.get(`${pool} https`) ?? tlsAgent(pool);
  }

  async function tlsAgent(pool: Pool): Promise<Agent> {
    const [{ createTrustingConnector, createDirectConnector }, trust] = await Promise.all([
      import('./trust/trusting-connector.js'),
      trusted(),
    ]);
    return agentFor(`${pool} https`, pool, () => createTrustingConnector(trust, createDirectConnector));
  }

  async function tunnelAgent(pool: Pool, proxy: Proxy): Promise<Agent> {
    const [{ createTrustingConnector }, { createTunnelConnector }, trust] = await Promise.all([
      import('./trust/trusting-connector.js'),
      import('./tunnel.js'),
      trusted(),
    ]);
    const create = (): buildConnector.connector =>
      createTrustingConnector(trust, (context) => createTunnelConnector(proxy, context));
    return agentFor(`${pool} tunnel`, pool, create);
  }

  return (url, pool, proxy) =>
    proxy && url.protocol === 'https:' ? tunnelAgent(pool, proxy) : directAgent(pool, proxy?.url ?? url);
}
