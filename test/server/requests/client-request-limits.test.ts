import { expect, test } from 'vitest';
import { withHostTokens } from '../../support/host-tokens.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

/** The number of requests that may be open while the server asks the client. */
const limit = 65_536;

const unknown = (id: string): string => `{"id":"${id}","method":"unknown"}\n`;
/** Returns requests that wait in the queue and then need little work. */
const waiting = (count: number): string =>
  '{"id":0,"method":"account/login/cancel","params":{"loginId":"00000000-0000-4000-8000-000000000000"}}\n'.repeat(
    count,
  );

test('above 65,536 requests a client that does not respond is no longer read, and every request gets its response', () => {
  const clock = createManualClock();
  return withHostTokens({ clock }, async ({ backend, server }) => {
    backend.script('consume', { status: 401, body: '{}' });
    const params = { idempotencyKey: 'key-1' };
    const consume = { id: 'consume', method: 'account/rateLimitResetCredit/consume', params };
    server.write(`${JSON.stringify(consume)}\n`);
    await server.untilLines(5);

    // The second last place is taken and released at once; the last one stays taken.
    server.write(waiting(limit - 2) + unknown('in time') + waiting(1) + unknown('too late'));
    await server.untilLines(6);
    // One message is processed per turn, so this is long enough for the one that must wait.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.fire(10_000);
    const lines = await server.untilLines(5 + limit + 2);
    const place = (id: string): number => lines.findIndex((line) => line.endsWith(`"id":"${id}"}`));
    expect(place('in time')).toBe(5);
    expect(place('consume')).toBe(6);
    expect(place('too late')).toBeGreaterThan(6);
    expect(lines[6]).toContain('"kind":"unauthorized"');
    expect(lines.length).toBe(5 + limit + 2);
  });
}, 120_000);
