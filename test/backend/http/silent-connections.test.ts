import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createDeferred } from '../../../src/util/deferred.js';
import { withAccount } from '../../support/account-fixture.js';
import { createAuthority, createServerCertificate, withFile } from '../../support/network/certificates.js';
import { holdReads, isClosed, maxSilenceMs, planOf, usage, withKeptConnection } from './kept-connection.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { startProxyServer } from '../../support/network/proxy-server.js';
import { listen, startTlsFront } from '../../support/network/tls-front.js';

// The other end of a kept connection may be gone without a word, or only slow.

const usageMs = 15_000;
const timedOut = { error: { data: { kind: 'timedOut' } } };

test('a read on a silent kept connection is answered on a new one after a second', () =>
  withKeptConnection(async ({ readTwice, clock, backend }) => {
    const { answer, first, second } = await readTwice();
    expect([first.isOnKept, second.isOnKept]).toEqual([true, false]);
    second.answer('plus');
    expect(await answer).toMatchObject(planOf('plus'));
    await isClosed(first.socket);
    expect(backend.requests).toHaveLength(3);
    expect(clock.openDelaysMs()).toEqual([]);
  }));

test('the answer of a slow backend on the kept connection counts, and the second request is aborted', () =>
  withKeptConnection(async ({ readTwice, clock, backend }) => {
    const { answer, first, second } = await readTwice();
    // There is no third request: only the time limit of the read is left.
    expect(clock.openDelaysMs()).toEqual([usageMs]);
    first.answer('plus');
    expect(await answer).toMatchObject(planOf('plus'));
    await isClosed(second.socket);
    expect(first.socket.destroyed).toBe(false);
    expect(backend.requests).toHaveLength(3);
  }));

test('a backend that is silent on both connections has the usual time limit', () =>
  withKeptConnection(async ({ readTwice, clock, backend }) => {
    const { answer, first, second } = await readTwice();
    clock.fire(usageMs);
    expect(await answer).toMatchObject(timedOut);
    await Promise.all([first, second].map(({ socket }) => isClosed(socket)));
    expect(backend.requests).toHaveLength(3);
  }));

test('if the new connection breaks, the answer on the kept one counts', () =>
  withKeptConnection(async ({ readTwice, backend }) => {
    const { answer, first, second } = await readTwice();
    second.socket.destroy();
    await isClosed(second.socket);
    first.answer('plus');
    expect(await answer).toMatchObject(planOf('plus'));
    expect(backend.requests).toHaveLength(3);
  }));

test('if no new connection can be opened, the answer on the kept one counts', async () => {
  const clock = createManualClock();
  const responses: ServerResponse[] = [];
  let wake = (): void => undefined;
  const server = createServer((_request, response) => {
    responses.push(response);
    wake();
    if (responses.length === 1) response.end(usage('free'));
  });
  const { port, close } = await listen(server);
  await withAccount({ clock, baseUrl: () => `http://127.0.0.1:${port}` }, async ({ read }) => {
    expect(await read()).toMatchObject(planOf('free'));
    const arrived = new Promise<void>((resolve) => (wake = resolve));
    const answer = read();
    await arrived;
    server.close();
    await clock.untilSet(maxSilenceMs);
    clock.fire(maxSilenceMs);
    responses[1]?.end(usage('plus'));
    expect(await answer).toMatchObject(planOf('plus'));
    expect(responses).toHaveLength(2);
  });
  await close();
});

test('if the kept connection answers while the new one is opened, the read is not sent again', async () => {
  const clock = createManualClock();
  const authority = await createAuthority();
  const second = createDeferred<Socket>();
  const release = createDeferred();
  const proxy = await startProxyServer({
    async beforeTunnel(count, client) {
      if (count === 1) return;
      second.resolve(client);
      await release.promise;
    },
  });
  let backendPort = 0;
  const front = await startTlsFront(await createServerCertificate(authority), () => backendPort);
  await withFile(authority.cert, async (path) => {
    const environment = { CODEX_CA_CERTIFICATE: path, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const baseUrl = () => `https://127.0.0.1:${front.port}`;
    await withAccount({ clock, environment, baseUrl }, async ({ backend, read }) => {
      backendPort = backend.port;
      backend.script('usage', { body: usage('free') });
      expect(await read()).toMatchObject(planOf('free'));
      const next = holdReads(backend, new Set());
      const answer = read();
      const first = await next();
      await clock.untilSet(maxSilenceMs);
      clock.fire(maxSilenceMs);
      const tunnel = await second.promise;
      first.answer('plus');
      expect(await answer).toMatchObject(planOf('plus'));
      backend.script('usage', undefined);
      release.resolve();
      await isClosed(tunnel);
      expect(backend.requests).toHaveLength(2);
    });
  });
  await front.close();
  await proxy.close();
});

test('if the response has begun, the read is not sent again', () =>
  withKeptConnection(async ({ read, clock, backend }) => {
    let response: ServerResponse | undefined;
    backend.script('usage', (_request, begun) => {
      response = begun.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      return 'handled';
    });
    const answer = read();
    await clock.untilSet(maxSilenceMs);
    while (clock.openDelaysMs().includes(maxSilenceMs)) await new Promise((resolve) => setImmediate(resolve));
    response?.end(usage('plus'));
    expect(await answer).toMatchObject(planOf('plus'));
    expect(backend.requests).toHaveLength(2);
  }));

test('a read on a new connection is not sent again', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ read, backend }) => {
    const nextRead = holdReads(backend, new Set());
    const answer = read();
    const first = await nextRead();
    expect(clock.openDelaysMs()).toEqual([usageMs]);
    first.answer('plus');
    expect(await answer).toMatchObject(planOf('plus'));
  });
});

test('a consume does not use a kept connection and is not sent again', () =>
  withKeptConnection(async ({ consume, clock, backend }) => {
    const held = new Promise<ServerResponse>((resolve) => {
      backend.script('consume', (_request, response) => {
        resolve(response);
        return 'handled';
      });
    });
    const outcome = consume();
    const response = await held;
    expect(clock.openDelaysMs()).toEqual([10_000]);
    response.end('{"code":"reset"}');
    expect(await outcome).toEqual({ result: { outcome: 'reset' } });
    expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  }));
