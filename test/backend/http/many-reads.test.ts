import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { type HeldRequest, holdEndpoint } from '../../support/network/held-endpoint.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const usageMs = 15_000;
const readCount = 200;
const maxReadConnections = 128;

const manyReads = Array.from({ length: readCount }, (_, index) => {
  const params = { excludeResetCreditDetails: true };
  return `${JSON.stringify({ id: `read-${index}`, method: 'account/rateLimits/read', params })}\n`;
}).join('');
const status = '{"id":"status","method":"getAuthStatus","params":{}}';

function timedOut(index: number): string {
  return `{"error":{"code":-32603,"message":"codex rate limits fetch timed out","data":{"kind":"timedOut"}},"id":"read-${index}"}`;
}

test('a consume does not wait for reads that hang', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ server, backend, consume }) => {
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    expect(await consume()).toEqual({ result: { outcome: 'nothingToReset' } });
    expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    clock.fire(usageMs);
  });
});

test('identical reads at the same time share one request', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ server, backend }) => {
    const nextUsage = holdEndpoint(backend, 'usage');
    server.write(manyReads);
    await server.ask(status);
    await nextUsage();
    clock.fire(usageMs);
    await server.untilLines(readCount + 2);
    expect(backend.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/codex/usage']);
  });
});

test('if many reads time out each of them gets an error', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ server, backend }) => {
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    await server.ask(status);
    clock.fire(usageMs);
    const answers = (await server.untilLines(readCount + 2)).slice(2);
    expect(new Set(answers)).toEqual(
      new Set(Array.from({ length: readCount }, (_, index) => timedOut(index))),
    );
  });
});

test('any number of different reads share 128 connections', () => {
  const count = 500;
  return withAccount({ clock: createManualClock() }, async ({ server, backend }) => {
    const sockets = new Set<unknown>();
    const held: (() => void)[] = [];
    let isHolding = true;
    const everyConnectionIsBusy = new Promise<void>((resolve) => {
      backend.script('threadUsage', ({ body }, response) => {
        sockets.add(response.socket);
        const { thread_ids: ids } = JSON.parse(body) as { thread_ids: string[] };
        const threads = ids.map((id) => ({ thread_id: id, estimated_usage_credits_micros: 1 }));
        const answer = (): void => void response.end(JSON.stringify({ threads }));
        if (isHolding) held.push(answer);
        else answer();
        if (held.length === maxReadConnections) resolve();
        return 'handled';
      });
    });
    server.write(Array.from({ length: count }, (_, index) => threadRead(index)).join(''));
    await everyConnectionIsBusy;
    await server.ask(status);
    expect(backend.requests).toHaveLength(maxReadConnections);
    isHolding = false;
    for (const answer of held) answer();
    const answers = (await server.untilLines(count + 2)).slice(2);
    expect(answers.filter((line) => line.includes('"estimatedUsageCreditsMicros":1,'))).toHaveLength(count);
    expect(sockets.size).toBe(maxReadConnections);
  });
});

test('a read that waited for a connection is not sent a second time', () => {
  const clock = createManualClock();
  const count = maxReadConnections + 1;
  return withAccount({ clock }, async ({ server, backend }) => {
    const next = holdEndpoint(backend, 'threadUsage');
    server.write(Array.from({ length: count }, (_, index) => threadRead(index)).join(''));
    const busy: HeldRequest[] = [];
    while (busy.length < maxReadConnections) busy.push(await next());
    for (const { answer } of busy) answer({ threads: [] });
    const last = await next();
    const openDelaysMs = clock.openDelaysMs();
    last.answer({ threads: [] });
    await server.untilLines(count + 1);
    expect(new Set(openDelaysMs)).toEqual(new Set([60_000]));
  });
});

function threadRead(index: number): string {
  const threadId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return `${JSON.stringify({ id: `read-${index}`, method: 'account/usage/read', params: { threadId } })}\n`;
}
