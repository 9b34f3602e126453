import { type Bench, withBench } from './account-bench.js';
import type { MemoryServer } from './memory-server.js';

export const initializeMessage = {
  jsonrpc: '2.0',
  id: 'initialize',
  method: 'initialize',
  params: { clientInfo: { name: 'é😀', version: '1' } },
};

export function readMessage(id: unknown): object {
  const params = { excludeResetCreditDetails: true };
  return { jsonrpc: '2.0', id, method: 'account/rateLimits/read', params };
}

export function cancelMessage(params?: unknown): object {
  return { jsonrpc: '2.0', method: '$/cancelRequest', params };
}

/** Runs `act` with a client whose first body, the response to `initialize`, has come. */
export function withHeaderClient(act: (client: HeaderClient, bench: Bench) => Promise<void>): Promise<void> {
  return withBench({ isInitialized: false }, async (bench) => {
    const client = createHeaderClient(bench.server);
    client.write(initializeMessage);
    await client.untilBodies(1);
    await act(client, bench);
  });
}

/** A message behind its header, as language clients send it. */
export function framedMessage(message: object): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** What a server sends from now on. */
export interface HeaderClient {
  /** Writes messages, or text as it is, in one piece. */
  write(...parts: readonly (string | object)[]): void;
  /** Resolves once `count` bodies have come in all. */
  untilBodies(count: number): Promise<readonly string[]>;
}

/** A client's end of a server that has not been spoken to yet. */
export function createHeaderClient(server: MemoryServer): HeaderClient {
  let received = '';
  let waiting: (() => void)[] = [];
  server.output.on('data', (text: string) => {
    received += text;
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  });
  return {
    write(...parts) {
      server.write(parts.map((part) => (typeof part === 'string' ? part : framedMessage(part))).join(''));
    },
    async untilBodies(count) {
      for (;;) {
        const bodies = answerBodies(Buffer.from(received));
        if (bodies.length >= count) return bodies;
        await new Promise<void>((resume) => waiting.push(resume));
      }
    },
  };
}

/**
 * The bodies in the output of a server. What is there of the last one counts only once it is whole; throws where
 * anything but `Content-Length` and a body stands.
 */
function answerBodies(output: Buffer): string[] {
  const bodies: string[] = [];
  for (let start = 0; start < output.length;) {
    const header = /^Content-Length: (\d+)\r\n\r\n/.exec(output.toString('latin1', start, start + 40));
    if (!header) throw new Error(`no header at byte ${start}: ${output.toString('utf8', start)}`);
    const bodyStart = start + header[0].length;
    start = bodyStart + Number(header[1]);
    if (start > output.length) break;
    bodies.push(output.toString('utf8', bodyStart, start));
  }
  return bodies;
}
