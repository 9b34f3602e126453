import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { KeyAndCertificate } from './certificates.js';

/** A server for TLS connections on 127.0.0.1 that passes their bytes to the port `backendPort()`. */
export function startTlsFront(
  { key, cert }: KeyAndCertificate,
  backendPort: () => number,
): Promise<Listener> {
  return listen(createServer({ key, cert }, (client) => join(client, connect(backendPort(), '127.0.0.1'))));
}

export interface Listener {
  readonly port: number;
  /** Closes every open connection too. */
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Passes bytes in both directions until one side closes. */
export function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy()).once('close', () => other.destroy());
  other.on('error', () => one.destroy()).once('close', () => one.destroy());
}
