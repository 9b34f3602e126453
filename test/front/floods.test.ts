import { existsSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { initialize, withFront } from './front-fixture.js';

/** Returns the greatest memory that a process has used, in MiB; 0 where the system does not say. */
function peakMiB(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(path, 'utf8'))?.[1]) / 1024;
}

test(
  '100 MB of notifications for a slow client arrive in order, and memory is bounded',
  () =>
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
    }),
  60_000,
);

test(
  '100 MB of notifications for a real codex that reads slowly arrive in order, and memory is bounded',
  () =>
    withFront({ standIn: { ignoresMessages: true } }, async ({ server, events, received }) => {
      await initialize(server);
      server.send({ id: 1, method: 'test/count' });
      while (received().length === 0) await nextTurn();
      const pad = 'p'.repeat(1_000);
      for (let number = 0; number < 100_000; number += 1) {
        server.send({ method: 'test/flooded', params: { number, pad } });
      }
      process.kill(events()[0]?.pid ?? 0, 'SIGUSR2');
      server.send({ id: 2, method: 'test/count' });
      expect((await server.answer(2)).result).toEqual({ flooded: 100_000, isInOrder: true });
      expect(peakMiB(server.child.pid)).toBeLessThan(180);
    }),
  60_000,
);
