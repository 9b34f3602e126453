import type { Log } from '../../util/log.js';
import type { ConnectError } from './connection-failure.js';
import type { Proxy } from './proxy.js';

/** The number of reasons to remember: a hostile proxy can send a new one each time. */
const maxReasons = 100;

/** Logs why a connection failed, once for each reason: the answer to the client names only the URL. */
export function createConnectReport(
  log: Log,
): (error: ConnectError, url: URL, proxy: Proxy | undefined) => void {
  const written = new Set<string>();
  return (error, url, proxy) => {
    const reason = reasonOf(error);
    // If the socket itself failed, the URL in the answer says enough.
    if (reason === undefined && !proxy) return;
    const route = proxy ? ` through the proxy ${proxy.url.host}` : '';
    const line = `no connection to ${url.host}${route}: ${reason ?? socketReason(error)}`;
    if (written.has(line)) return;
    if (written.size >= maxReasons) written.clear();
    written.add(line);
    log.error(line);
  };
}

/** Returns undefined if the socket itself failed. */
function reasonOf({ cause, message, handshake }: ConnectError): string | undefined {
  if (!(cause instanceof Error)) return message;
  const { code, syscall, reason } = cause as NodeJS.ErrnoException & { reason?: string };
  if (code === undefined || cause instanceof AggregateError) return undefined;
  if (['connect', 'getaddrinfo'].includes(syscall ?? '') || code === 'UND_ERR_CONNECT_TIMEOUT')
    return undefined;
  // Node's own text may list all names in the certificate, e-mail addresses among them.
  if (handshake) return `${code}: ${handshake.explanation}`;
  return `${code}: ${(reason ?? cause.message).replace(/[^\x20-\x7e]+/g, ' ').trim()}`;
}

function socketReason({ cause }: ConnectError): string {
  return (cause as NodeJS.ErrnoException).code ?? 'not reachable';
}
