import { expect, test } from 'vitest';
import { withBench } from '../support/account-bench.js';
import { holdEndpoint } from '../support/held-endpoint.js';
import { createManualClock } from '../support/manual-clock.js';

const usageMs = 15_000;
const readCount = 200;

const manyReads = Array.from({ length: readCount }, (_, index) => {
  const params = { excludeResetCreditDetails: true };
  return `${JSON.stringify({ id: `read-${index}`, method: 'account/rateLimits/read', params })}\n`;
}).join('');
const status = '{"id":"status","method":"getAuthStatus","params":{}}';

function timedOut(index: number): string {
  return `{"error":{"code":-32603,"message":"codex rate limits fetch timed out","data":{"kind":"timedOut"}},"id":"read-${index}"}`;
}

test('a consume does not wait behind reads that hang', () => {
  const clock = createManualClock();
  return withBench({ clock }, async ({ server, backend, consume }) => {
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    expect(await consume()).toEqual({ result: { outcome: 'nothingToReset' } });
    expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    clock.fire(usageMs);
  });
});

test('identical reads under way share one fetch', () => {
  const clock = createManualClock();
  return withBench({ clock }, async ({ server, backend }) => {
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    await server.ask(status);
    clock.fire(usageMs);
    await server.untilLines(readCount + 2);
    expect(backend.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/codex/usage']);
  });
});

test('when the time of all reads is over each of them is told so', () => {
  const clock = createManualClock();
  return withBench({ clock }, async ({ server, backend }) => {
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
