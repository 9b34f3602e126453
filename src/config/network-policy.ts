import { AppError } from '../util/errors.js';
import type { Settings } from './settings.js';

/**
 * Checks a host, as `URL.hostname` has it, against the network policy of the administrator. An address is never allowed
 * by a policy.
 * @throws AppError `configInvalid`
 */
export function requireAllowedHost(host: string, { values, layers }: Settings): void {
  const network = values.application?.network;
  if (!network || network.enabled === false) return;
  const verdicts = Object.entries(network.domains ?? {})
    .filter(([name]) => name.toLowerCase() === host)
    .map(([, verdict]) => verdict);
  if (!isAddress(host) && verdicts.length > 0 && !verdicts.includes('deny')) return;
  const file = layers.find((layer) => layer.values.application)?.source.file;
  throw new AppError(
    'configInvalid',
    `destination denied by application network policy: ${host} is not allowed in ${file}`,
  );
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
