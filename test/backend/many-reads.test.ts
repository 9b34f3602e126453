import { expect, test } from 'vitest';
import type { Clock } from '../../src/util/clock.js';
import { withBench } from '../support/account-bench.js';
import { holdEndpoint } from '../support/held-endpoint.js';
import { createManualClock } from '../support/manual-clock.js';

const usageMs = 15_000;
/** More than there are connections for reads. */
const readCount = 200;

const manyReads = Array.from({ length: readCount }, (_, index) => {
  const params = { excludeResetCreditDetails: true };
  return `${JSON.stringify({ id: `read-${index}`, method: 'account/rateLimits/read', params })}\n`;
}).join('');
const status = '{"id":"status","method":"getAuthStatus","params":{}}';

function timedOut(index: number): string {
  return `{"error":{"code":-32603,"message":"codex rate limits fetch timed out","data":{"kind":"timedOut"}},"id":"read-${index}"}`;
}

/** A manual clock whose time limits of reads can be let pass one by one, in the order of the reads. */
function readByReadClock(): { clock: Clock; readLimits: (() => void)[] } {
  const { nowMs, after } = createManualClock();
  const readLimits: (() => void)[] = [];
  const clock: Clock = {
    nowMs,
    after(delayMs, callback) {
      if (delayMs === usageMs) readLimits.push(callback);
      return after(delayMs, callback);
    },
  };
  return { clock, readLimits };
}

test('a consume does not wait behind reads that hang', () =>
  withBench({ clock: createManualClock() }, async ({ server, backend, consume }) => {
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    expect(await consume()).toEqual({ result: { outcome: 'nothingToReset' } });
    expect(backend.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  }));

test('a read that still waits for a connection is given up when its time is over', () => {
  const { clock, readLimits } = readByReadClock();
  return withBench({ clock }, async ({ server, backend, read }) => {
    await read();
    readLimits.length = 0;
    holdEndpoint(backend, 'usage');
    server.write(manyReads);
    // It is answered once all the reads before it have begun.
    await server.ask(status);
    readLimits.at(-1)?.();
    expect((await server.untilLines(4)).slice(3)).toEqual([timedOut(readCount - 1)]);
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
