import {
  Agent,
  createServer,
  type IncomingMessage,
  request as forward,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Fault, faults, noFault } from './faults.js';

export interface FaultyFront {
  readonly url: string;
  /** Returns the names of the faults since the last call, in their order. */
  takeFaults(): string[];
  /** Resolves once every request that was passed on has taken effect. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface FaultyFrontOptions {
  /** The URL of the embedded backend, which keeps the ledger. */
  readonly backendUrl: string;
  readonly random: () => number;
  /** The share of the exchanges that get a fault. */
  readonly faultRate: number;
  /** Stores different tokens of the same account. */
  readonly renewLogin: () => void;
}

/**
 * Starts a server in front of the embedded backend that spoils some exchanges: the connection, the request or the
 * reply.
 */
export async function startFaultyFront(options: FaultyFrontOptions): Promise<FaultyFront> {
  const { backendUrl, random, faultRate, renewLogin } = options;
  const agent = new Agent({ keepAlive: true });
  const pickedFor = new WeakMap<Socket, Fault>();
  const underWay = new Set<Promise<unknown>>();
  let struck: string[] = [];

  function pick(): Fault {
    if (random() >= faultRate) return noFault;
    return faults[Math.floor(random() * faults.length)] ?? noFault;
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const fault = pickedFor.get(request.socket) ?? pick();
    pickedFor.delete(request.socket);
    if (fault !== noFault) struck.push(fault.name);
    response.on('error', () => undefined);
    if (fault.stage !== 'body') {
      fault.strike(request.socket);
      return;
    }
    const done = bodyOf(request)
      .then((body) => {
        const redeem = (): Promise<string> => handOn(`${backendUrl}${request.url}`, request, body, agent);
        return fault.act({ response, redeem, renewLogin });
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  const server = createServer(serve);
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    const fault = pick();
    if (fault.stage !== 'connection') {
      pickedFor.set(socket, fault);
      return;
    }
    struck.push(fault.name);
    fault.strike(socket);
  });
  server.on('clientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeFaults() {
      const taken = struck;
      struck = [];
      return taken;
    },
    async settled() {
      await Promise.all(underWay);
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Repeats the request to the embedded backend; resolves with the body of its 200. */
function handOn(
  url: string,
  { method, headers }: IncomingMessage,
  body: string,
  agent: Agent,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const copy = forward(url, { method: method ?? '', headers, agent }, (reply) => {
      if (reply.statusCode === 200) bodyOf(reply).then(resolve, reject);
      else reject(new Error(`the embedded backend answered ${reply.statusCode}`));
    });
    copy.on('error', reject);
    copy.end(body);
  });
}
