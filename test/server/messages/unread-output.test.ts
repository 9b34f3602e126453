import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';
import type { MemoryServer } from '../../support/memory-server.js';

const drainMs = 30_000;
const lastWritesMs = 500;
/** An id that makes the response larger than the buffer of an output that is not read. */
const hugeId = 'x'.repeat(200_000);
const status = `{"id":"${hugeId}","method":"getAuthStatus","params":{}}\n`;
const badLine = `{"id":"${hugeId}","method":5}\n`;

/** Runs `act` when the output of a server that got these lines is full, because the client does not read it. */
function withFullOutput(
  lines: string,
  act: (server: MemoryServer, clock: ManualClock) => Promise<void>,
): Promise<void> {
  const clock = createManualClock();
  return withAccount({ clock }, async ({ server }) => {
    server.output.pause();
    server.write(lines);
    while (server.output.readableLength === 0) await setImmediate();
    await act(server, clock);
  });
}

/** Resolves when the server has closed, after its time limits for a client that does not read. */
async function closedByLimits(server: MemoryServer, clock: ManualClock): Promise<void> {
  for (const limitMs of [drainMs, lastWritesMs]) {
    await clock.untilSet(limitMs);
    clock.fire(limitMs);
  }
  await server.shutdown.closed;
}

const stops: [string, (server: MemoryServer) => void][] = [
  ['the end of input', (server) => void server.end()],
  ['a drain', (server) => server.shutdown.drain()],
];

test.each(stops)(
  'after %s a client that has stopped reading delays the exit by at most 30 s',
  (_what, stop) =>
    withFullOutput(status.repeat(3), async (server, clock) => {
      stop(server);
      await closedByLimits(server, clock);
      expect(server.lines).toHaveLength(1);
      expect(clock.openDelaysMs()).toEqual([]);
    }),
);

test('a client that reads again within the 30 s gets all its responses', () =>
  withFullOutput(status.repeat(3), async (server, clock) => {
    const ended = server.end();
    await clock.untilSet(drainMs);
    server.output.resume();
    expect(await ended).toHaveLength(4);
  }));

test('the 30 s of a drain begin at once, even while input is paused because output is not read', () =>
  withFullOutput(badLine + status, async (server, clock) => {
    server.shutdown.drain();
    await closedByLimits(server, clock);
    expect(server.lines).toHaveLength(1);
  }));
