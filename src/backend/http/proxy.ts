import { BlockList, isIP, isIPv6 } from 'node:net';
import { ConnectError } from './connection-failure.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Proxy {
  /** Without credentials, path and query. */
  readonly url: URL;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/**
 * Returns the proxy that the environment names for `url`, loopback addresses included. Of the two spellings of a
 * variable the upper-case one counts if it is set at all, as in the HTTP library of Codex.
 *
 * @returns undefined if there is none: the request is sent directly to its host
 * @throws ConnectError if the proxy cannot be used; the request is then never sent directly
 */
export function proxyFor(url: URL, environment: Environment): Proxy | undefined {
  const own = url.protocol === 'https:' ? either(environment, 'HTTPS_PROXY') : httpProxy(environment);
  const value = own.trim() || either(environment, 'ALL_PROXY').trim();
  if (value === '' || isExempt(url.hostname, either(environment, 'NO_PROXY'))) return undefined;
  return parseProxy(value);
}

/**
 * Returns the proxy for http. In a CGI program HTTP_PROXY is the caller's header `Proxy`; only the lower-case name can
 * be trusted.
 */
function httpProxy(environment: Environment): string {
  const isCgi = environment.REQUEST_METHOD !== undefined;
  return isCgi ? (environment.http_proxy ?? '') : either(environment, 'HTTP_PROXY');
}

function either(environment: Environment, name: string): string {
  return environment[name] ?? environment[name.toLowerCase()] ?? '';
}

/**
 * Returns whether NO_PROXY names the host. Addresses and networks match addresses; `*` and names match names, and a name
 * its subdomains. An entry with a port matches nothing.
 */
function isExempt(hostname: string, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  if (isIP(host) === 0) return entries.some((entry) => matchesName(host, entry));
  const addresses = new BlockList();
  for (const entry of entries) addAddresses(addresses, entry);
  return addresses.check(host, family(host));
}

function matchesName(host: string, entry: string): boolean {
  const name = entry.replace(/^\./, '');
  return entry === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`)));
}

/** Adds an entry of NO_PROXY; one that is neither an address nor a network is ignored. */
function addAddresses(addresses: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/');
  if (isIP(address) === 0 || rest.length > 0) return;
  if (prefix === undefined) addresses.addAddress(address, family(address));
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv6(address) ? 128 : 32)) {
    addresses.addSubnet(address, Number(prefix), family(address));
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** Reads the value of a variable. It may hold a password, so no error quotes it. */
function parseProxy(value: string): Proxy {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) throw new ConnectError('the proxy in the environment is not a URL');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    throw new ConnectError(
      `a proxy of the kind ${url.protocol}// is not supported, only http:// and https://`,
    );
  }
  const { username, password, origin } = url;
  const credentials = Buffer.concat([percentDecoded(username), Buffer.from(':'), percentDecoded(password)]);
  return {
    url: new URL(origin),
    authorization: credentials.length > 1 ? `Basic ${credentials.toString('base64')}` : undefined,
  };
}

/** Decodes percent escapes; a `%` that does not begin one stays. */
function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
