import { existsSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { unixTest } from '../support/unix-test.js';
import { initialize, withFront } from './front-fixture.js';

/** Returns the greatest memory that a process has used, in MiB; 0 where the system does not say. */
function peakMiB(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(path, 'utf8'))?.[1]) / 1024;
}

/** Resolves when a count has not changed for 300 ms. */
async function untilUnchanged(count: () => number): Promise<void> {
  let before = -1;
  for (let same = 0; same < 30; same = count() === before ? same + 1 : 0) {
    before = count();
    await pause(10);
  }
}

test('100 MB of notifications for a slow client arrive in order, and memory is bounded', () =>
  withFront({}, async ({ server }) => {
    await initialize(server);
    const { stdout } = server.child;
    stdout.removeAllListeners('data');
    let next = 0;
    let rest = '';
    let isInOrder = true;
    server.send({ id: 1, method: 'test/flood', params: { count: 100_000, size: 1_000 } });
    for await (const chunk of stdout) {
      await nextTurn();
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.includes('test/flooded')) continue;
        isInOrder &&= line.includes(`"number":${next},`);
        next += 1;
      }
      if (next === 100_000) break;
    }
    expect(isInOrder).toBe(true);
    expect(peakMiB(server.child.pid)).toBeLessThan(150);
  }));

unixTest('100 MB for a real codex that reads slowly arrive in order, and memory is bounded', () =>
  withFront({ standIn: { ignoresMessages: true } }, async ({ server, events, received }) => {
    await initialize(server);
    server.send({ id: 1, method: 'test/count' });
    while (received().length === 0) await nextTurn();
    const pad = 'p'.repeat(1_000);
    const { stdin } = server.child;
    let written = 0;
    const writing = (async () => {
      for (let first = 0; first < 100_000; first += 1_000) {
        const lines = Array.from({ length: 1_000 }, (_, index) =>
          JSON.stringify({ method: 'test/flooded', params: { number: first + index, pad } }),
        );
        await new Promise((done) => stdin.write(`${lines.join('\n')}\n`, done));
        written += 1;
      }
    })();
    await untilUnchanged(() => written);
    // Of 100.
    expect(written).toBeLessThan(10);
    process.kill(events()[0]?.pid ?? 0, 'SIGUSR2');
    await writing;
    server.send({ id: 2, method: 'test/count' });
    expect((await server.answer(2)).result).toEqual({ flooded: 100_000, isInOrder: true });
    expect(peakMiB(server.child.pid)).toBeLessThan(250);
    expect(server.stderr()).toBe('');
  }),
);
