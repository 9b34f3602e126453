import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A request that has arrived as a whole. */
export interface Exchange {
  readonly response: ServerResponse;
  /** Passes the request to the embedded backend and resolves with the body of its reply. */
  redeem(): Promise<string>;
  renewLogin(): void;
}

export type Fault =
  | {
      readonly name: string;
      readonly stage: 'connection' | 'head';
      readonly strike: (socket: Socket) => void;
    }
  | {
      readonly name: string;
      readonly stage: 'body';
      readonly act: (exchange: Exchange) => void | Promise<void>;
    };

export const noFault: Fault = {
  name: 'none',
  stage: 'body',
  async act({ response, redeem }) {
    reply(response, 200, await redeem());
  },
};

/** Spoils a reply whose true body is `body`. */
type Spoil = (response: ServerResponse, body: string) => unknown;

/** The faults of a connection or a reply that can follow both a redemption and none. */
const spoiled: Record<string, Spoil> = {
  'reset without a reply': ({ socket }) => socket?.resetAndDestroy(),
  'closed without a reply': ({ socket }) => socket?.end(),
  'reset inside the head': ({ socket }) => socket?.write('HTTP/1.1 200 OK\r\nconte', resetOf(socket)),
  'reset behind the head': ({ socket }) =>
    socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n', resetOf(socket)),
  'reset inside the body': (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.slice(0, body.length / 2), resetOf(response.socket));
  },
  'half a body': ({ socket }, body) =>
    socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, body.length / 2)}`),
  'half a chunk': ({ socket }, body) =>
    socket?.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n${body}`),
  'no HTTP': ({ socket }) => socket?.end('what?\r\n\r\n'),
  500: (response) => reply(response, 500, '{"detail":"no"}'),
  502: (response) => reply(response, 502, '<html>'),
  503: (response) => reply(response, 503, ''),
  '503, Retry-After 1': (response) => reply(response, 503, '', { 'retry-after': '1' }),
  504: (response) => reply(response, 504, ''),
  408: (response) => reply(response, 408, ''),
  'redirect 302': (response) => reply(response, 302, '', { location: '/elsewhere' }),
  'redirect 307': (response) => reply(response, 307, '', { location: response.req.url }),
  'no content': (response) => reply(response, 204, ''),
  'an empty 200': (response) => reply(response, 200, ''),
  'a garbled 200': (response, body) => reply(response, 200, body.slice(1)),
  'a list': (response, body) => reply(response, 200, `[${body}]`),
  'an unknown code': (response) => reply(response, 200, '{"code":"future"}'),
  'a black hole': () => undefined,
  'silence inside the body': (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.slice(0, body.length / 2));
  },
  'a drip without an end': async (response) => {
    response.writeHead(200);
    while (!response.destroyed) {
      response.write(' ');
      await pause(20);
    }
  },
};

/** The faults by which the backend truthfully reports that it did nothing. */
const refusals: Record<string, Spoil> = {
  400: (response) => reply(response, 400, ''),
  401: (response) => reply(response, 401, ''),
  403: (response) => reply(response, 403, ''),
  404: (response) => reply(response, 404, ''),
  422: (response) => reply(response, 422, ''),
  429: (response) => reply(response, 429, ''),
  '429, Retry-After 1': (response) => reply(response, 429, '', { 'retry-after': '1' }),
  '429, Retry-After 3600': (response) => reply(response, 429, '', { 'retry-after': '3600' }),
};

export const faults: readonly Fault[] = [
  { name: 'connection reset', stage: 'connection', strike: (socket) => void socket.resetAndDestroy() },
  { name: 'connection closed', stage: 'connection', strike: (socket) => void socket.destroy() },
  { name: 'reset before the body is read', stage: 'head', strike: (socket) => void socket.resetAndDestroy() },
  { name: 'closed before the body is read', stage: 'head', strike: (socket) => void socket.destroy() },
  ...named(spoiled, 'nothing done', async ({ response }, spoil) => {
    await spoil(response, '{"code":"reset","windows_reset":2}');
  }),
  ...named(spoiled, 'redeemed', async ({ response, redeem }, spoil) => {
    await spoil(response, await redeem());
  }),
  ...named(spoiled, 'redeemed later', async ({ response, redeem }, spoil) => {
    const spoiling = spoil(response, '{"code":"reset","windows_reset":2}');
    await pause(10);
    await redeem();
    await spoiling;
  }),
  ...named(refusals, 'nothing done', async ({ response }, spoil) => {
    await spoil(response, '');
  }),
  {
    name: '401 and a new login: nothing done',
    stage: 'body',
    act({ response, renewLogin }) {
      renewLogin();
      reply(response, 401, '');
    },
  },
  {
    name: 'a drip in time: redeemed',
    stage: 'body',
    async act({ response, redeem }) {
      for (const character of (await redeem()).split(/(?=")/)) {
        response.write(character);
        await pause(2);
      }
      response.end();
    },
  },
];

function named(
  spoils: Record<string, Spoil>,
  effect: string,
  act: (exchange: Exchange, spoil: Spoil) => Promise<void>,
): Fault[] {
  return Object.entries(spoils).map(([name, spoil]) => ({
    name: `${name}: ${effect}`,
    stage: 'body',
    act: (exchange) => act(exchange, spoil),
  }));
}

function reply(response: ServerResponse, status: number, body: string, headers?: OutgoingHttpHeaders): void {
  response.writeHead(status, headers).end(body);
}

function resetOf(socket: Socket | null): () => void {
  return () => void socket?.resetAndDestroy();
}
