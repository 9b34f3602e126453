import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { ConnectError } from './connection-failure.js';
import type { Proxy } from './proxy.js';
import { buildConnector } from './undici.js';

/** As long as undici waits for a direct connection. */
const tunnelTimeoutMs = 10_000;

/** Creates TLS connections to the backend through a CONNECT tunnel. The same certificates are trusted for both ends. */
export function createTunnelConnector(proxy: Proxy, secureContext: SecureContext): buildConnector.connector {
  const connectTls = buildConnector({ secureContext, rejectUnauthorized: true });
  return (options, callback) => {
    const authority = options.port ? options.host : `${options.host}:443`;
    openTunnel(proxy, authority ?? options.hostname, secureContext).then(
      (httpSocket) => {
        connectTls({ ...options, httpSocket }, callback);
      },
      (error: unknown) => {
        callback(error as Error, null);
      },
    );
  };
}

/** @throws ConnectError if the proxy refuses the tunnel; node's own error if the proxy cannot be reached */
function openTunnel(proxy: Proxy, authority: string, secureContext: SecureContext): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = connectRequest(proxy, authority, secureContext);
    request.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      request.off('timeout', giveUp);
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(
        new ConnectError(`the proxy answered CONNECT with status ${statusCode}`, {
          isPassing: [502, 503, 504].includes(statusCode),
        }),
      );
    });
    const giveUp = (): void => {
      request.destroy(new ConnectError('the proxy does not answer', { isPassing: true }));
    };
    request.once('timeout', giveUp);
    request.once('error', reject);
    request.end();
  });
}

function connectRequest(proxy: Proxy, authority: string, secureContext: SecureContext): ClientRequest {
  const { hostname, port, protocol } = proxy.url;
  const options = {
    method: 'CONNECT',
    host: hostname.replace(/^\[|\]$/g, ''),
    path: authority,
    headers: {
      host: authority,
      connection: 'keep-alive',
      ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }),
    },
    agent: false,
    timeout: tunnelTimeoutMs,
  };
  if (protocol === 'http:') return httpRequest({ ...options, port: port || 80 });
  // `secureContext` is passed to `tls.connect`; the types of `https.request` lack it.
  const tlsOptions = { ...options, port: port || 443, secureContext, rejectUnauthorized: true };
  return httpsRequest(tlsOptions);
}
