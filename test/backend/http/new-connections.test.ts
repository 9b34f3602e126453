import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { createHttpConnections } from '../../../src/backend/http/connections.js';
import { systemClock } from '../../../src/util/clock.js';
import { createLog } from '../../../src/util/log.js';
import { neverAborted } from '../../../src/util/never-aborted.js';
import { listen } from '../../support/network/tls-front.js';

test('each of many changes in a row has a connection of its own', async () => {
  const ports = new Set<unknown>();
  const server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    response.setHeader('keep-alive', 'timeout=100');
    response.end('{}');
  });
  const { port, close } = await listen(server);
  const url = new URL(`http://127.0.0.1:${port}/consume`);
  const log = createLog({ level: 'off', nowMs: () => 0, write: () => undefined });
  const { exchange } = createHttpConnections({ environment: {}, log, clock: systemClock });
  const count = 20;
  for (let sent = 0; sent < count; sent += 1) {
    await exchange({ method: 'POST', isRead: false, url, headers: {}, body: '{}', signal: neverAborted });
  }
  await close();
  expect(ports.size).toBe(count);
});
