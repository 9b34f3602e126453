import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { type Figures, startWatchedServer } from '../watched-server.js';

/** A client that does not keep its answers. */
export interface SoakClient {
  /** Resolves with the result; rejects with the error, or when the server ends. */
  call(method: string, params: object | null): Promise<Record<string, unknown>>;
  /** Resolves with the next notification of that method that no earlier call has taken, but not one about limits. */
  untilNews(method: string): Promise<void>;
  figures(): Promise<Figures>;
  /** Ends the input. @throws Error if the server does not exit with 0 */
  stop(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: object;
}

export function startSoakClient(environment: Readonly<Record<string, string>>): SoakClient {
  const output = new PassThrough();
  const server = startWatchedServer(environment, (chunk) => output.write(chunk));
  const open = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  const notifications: string[] = [];
  const waiting: { method: string; resolve: () => void }[] = [];
  let lastId = 0;

  function takeNews(method: string): void {
    const index = waiting.findIndex((waiter) => waiter.method === method);
    if (index < 0) notifications.push(method);
    else waiting.splice(index, 1)[0]!.resolve();
  }

  createInterface({ input: output }).on('line', (line) => {
    const { id, method, result, error } = JSON.parse(line) as Message;
    if (method !== undefined) {
      // These come with every read.
      if (method !== 'account/rateLimits/updated') takeNews(method);
      return;
    }
    const caller = open.get(id ?? 0);
    open.delete(id ?? 0);
    if (result) caller?.resolve(result);
    else caller?.reject(new Error(JSON.stringify(error)));
  });
  void server.exited.then((exit) => {
    for (const { reject } of open.values()) reject(new Error(`the server has ended: ${exit}`));
  });

  return {
    call(method, params) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject });
        server.child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
      });
    },
    untilNews(method) {
      const index = notifications.indexOf(method);
      if (index >= 0) notifications.splice(index, 1);
      return index >= 0 ? Promise.resolve() : new Promise((resolve) => waiting.push({ method, resolve }));
    },
    figures: server.figures,
    async stop() {
      server.child.stdin.end();
      const exit = await server.exited;
      if (exit !== '0') throw new Error(`the server ended with ${exit}: ${server.log.slice(-3).join('; ')}`);
    },
  };
}
