import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../support/account-fixture.js';
import { createManualClock } from '../support/manual-clock.js';

const drainMs = 30_000;
const lastWritesMs = 500;
/** An id that makes the response larger than the buffer of an output that is not read. */
const hugeId = 'x'.repeat(200_000);
const status = `{"id":"${hugeId}","method":"getAuthStatus","params":{}}\n`;
const badLine = `{"id":"${hugeId}","method":5}\n`;

/** Resolves when the server has written output that is not read. */
async function untilStuck({ server }: AccountFixture): Promise<void> {
  while (server.output.readableLength === 0) await setImmediate();
}

const stops: [string, (fixture: AccountFixture) => void][] = [
  ['the end of input', ({ server }) => void server.end()],
  ['a drain', ({ server }) => server.shutdown.drain()],
];

test.each(stops)(
  'after %s a client that has stopped reading delays the exit by at most 30 s',
  (_what, stop) => {
    const clock = createManualClock();
    return withAccount({ clock }, async (fixture) => {
      const { server } = fixture;
      server.output.pause();
      server.write(status.repeat(3));
      await untilStuck(fixture);
      stop(fixture);
      await clock.untilSet(drainMs);
      clock.fire(drainMs);
      await clock.untilSet(lastWritesMs);
      clock.fire(lastWritesMs);
      await server.shutdown.closed;
      expect(server.lines).toHaveLength(1);
      expect(clock.openDelaysMs()).toEqual([]);
    });
  },
);

test('a client that reads again within the 30 s gets all its responses', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async (fixture) => {
    const { server } = fixture;
    server.output.pause();
    server.write(status.repeat(3));
    await untilStuck(fixture);
    const ended = server.end();
    await clock.untilSet(drainMs);
    server.output.resume();
    expect(await ended).toHaveLength(4);
  });
});

test('the 30 s of a drain begin at once, even while input is paused because output is not read', () => {
  const clock = createManualClock();
  return withAccount({ clock }, async (fixture) => {
    const { server } = fixture;
    server.output.pause();
    server.write(badLine + status);
    await untilStuck(fixture);
    server.shutdown.drain();
    await clock.untilSet(drainMs);
    clock.fire(drainMs);
    await clock.untilSet(lastWritesMs);
    clock.fire(lastWritesMs);
    await server.shutdown.closed;
    expect(server.lines).toHaveLength(1);
  });
});
