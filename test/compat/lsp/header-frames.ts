import { type AccountFixture, withAccount } from '../../support/account-fixture.js';
import type { MemoryServer } from '../../support/memory-server.js';

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
export function withHeaderClient(
  act: (client: HeaderClient, fixture: AccountFixture) => Promise<void>,
): Promise<void> {
  return withAccount({ isInitialized: false }, async (fixture) => {
    const client = createHeaderClient(fixture.server);
    client.write(initializeMessage);
    await client.untilBodies(1);
    await act(client, fixture);
  });
}

/** Returns a message with its header, as language clients send it. */
export function framedMessage(message: object): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** A client of a server that uses headers. */
export interface HeaderClient {
  /** Writes messages, or text unchanged, in one write. */
  write(...parts: readonly (string | object)[]): void;
  /** Resolves when `count` bodies have been received. */
  untilBodies(count: number): Promise<readonly string[]>;
}

/** Creates a client for a server that has received no input yet. */
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
 * Returns the whole bodies in the output of a server. Throws if there is anything except `Content-Length` headers and
 * bodies.
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
