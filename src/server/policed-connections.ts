import type { HttpConnections } from '../backend/http/connections.js';
import { InvalidConfig } from '../config/invalid-config.js';
import { requireAllowedHost } from '../config/network-policy.js';
import type { Settings } from '../config/settings.js';

/**
 * Checks each request against the network policy of the administrator, also one that is repeated, and those to the
 * issuer. Sends nothing while the policy cannot be read.
 */
export function policedConnections(
  connections: HttpConnections,
  settings: () => Promise<Settings>,
): HttpConnections {
  return {
    async exchange(request) {
      requireAllowedHost(request.url.hostname, await policySettings(settings));
      return connections.exchange(request);
    },
  };
}

/** Returns settings with the requirements. Whether other files can be used is decided before a request is made. */
async function policySettings(settings: () => Promise<Settings>): Promise<Settings> {
  try {
    return await settings();
  } catch (error) {
    if (error instanceof InvalidConfig && error.source.layer !== 'requirements') return error.usable;
    throw error;
  }
}
