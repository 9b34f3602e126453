import { createServer, type IncomingMessage, request, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { KeyAndCertificate } from './certificates.js';
import { join, listen } from './tls-front.js';

export interface ProxyServer {
  readonly port: number;
  /** The requests to the proxy itself, `CONNECT HOST:PORT` or `METHOD URL`, and their credentials. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export interface ProxyServerOptions {
  /** The reply to CONNECT and to plain requests. By default it forwards everything to 127.0.0.1. */
  readonly status?: number;
  /** Closes the connection of every CONNECT without an answer. */
  readonly hangsUp?: boolean;
  /** Called before each CONNECT is answered, with its number from 1 on. */
  readonly beforeTunnel?: (count: number, client: Socket) => Promise<void>;
  /** The certificate of an https proxy. */
  readonly certificate?: KeyAndCertificate;
}

/** Starts a forward proxy on 127.0.0.1, for plain requests and CONNECT. */
export async function startProxyServer(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const requests: ProxyServer['requests'][number][] = [];
  const note = ({ method, url, headers }: IncomingMessage): void => {
    requests.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  };
  const forward: RequestListener = (incoming, response) => {
    note(incoming);
    if (options.status !== undefined) {
      response.writeHead(options.status, { 'content-type': 'text/plain' }).end('no');
      return;
    }
    const { method, url = '', headers } = incoming;
    const { port, pathname, search } = new URL(url);
    const outgoing = request({ port, path: pathname + search, method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(outgoing);
  };
  const { certificate, status, hangsUp, beforeTunnel } = options;
  let tunnelCount = 0;
  const openTunnel = async (incoming: IncomingMessage, client: Socket): Promise<void> => {
    tunnelCount += 1;
    await beforeTunnel?.(tunnelCount, client);
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    join(client, connect(Number(incoming.url?.split(':').pop()), '127.0.0.1'));
  };
  const server = certificate ? createTlsServer({ ...certificate }, forward) : createServer(forward);
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    note(incoming);
    if (hangsUp) client.destroy();
    else if (status !== undefined) client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`);
    else void openTunnel(incoming, client);
  });
  return { ...(await listen(server)), requests };
}
