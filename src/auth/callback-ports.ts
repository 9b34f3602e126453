import { get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';

const attempts = 10;
const pauseMs = 200;
const cancelLimitMs = 2_000;

/**
 * Listens on 127.0.0.1. On the first port an older login may still wait, of this program or of Codex: it is asked to
 * give up. The second port is for when that does not help.
 *
 * @throws AppError `loginFailed`
 */
export async function listenOnOneOf(
  server: Server,
  ports: readonly [number, number],
  clock: Clock,
): Promise<number> {
  for (const port of ports) {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (await listen(server, port)) return (server.address() as AddressInfo).port;
      if (port === ports[0] && attempt === 1) await askToCancel(port, clock);
      await new Promise<void>((resolve) => {
        clock.after(pauseMs, resolve);
      });
    }
  }
  throw startError(`Port 127.0.0.1:${ports[1]} is already in use`);
}

/** False: the port is taken. */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(startError(error.message, error));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(port, '127.0.0.1');
  });
}

/** Whoever is there answers or does not; only the port counts. */
function askToCancel(port: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/cancel', agent: false });
    const cancelTimer = clock.after(cancelLimitMs, () => {
      request.destroy();
    });
    request.on('response', () => {
      request.destroy();
    });
    request.on('error', () => undefined);
    request.on('close', () => {
      cancelTimer();
      resolve();
    });
  });
}

function startError(reason: string, cause?: Error): AppError {
  return new AppError('loginFailed', `failed to start login server: ${reason}`, { cause });
}
