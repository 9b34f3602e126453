import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request to an issuer: method, path with query, body. */
export type RecordedCall = readonly [method: string, url: string, body: unknown];

/** Runs `act` with a server that records each request and responds with `{}`, or with `answer`. */
export async function withIssuer(
  act: (issuer: { url: string; calls: readonly RecordedCall[] }) => Promise<void>,
  answer: (response: ServerResponse) => void = (response) => response.end('{}'),
): Promise<void> {
  const calls: RecordedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push([
        request.method ?? '',
        request.url ?? '',
        JSON.parse(Buffer.concat(chunks).toString() || 'null'),
      ]);
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await act({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
