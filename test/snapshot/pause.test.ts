import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSettableClock, namesOf, withSnapshots } from './fixture.js';

const tooMany = { status: 429, headers: { 'retry-after': '10' }, body: { detail: 'slow down' } } as const;

test('a pause that a 429 asks for holds for all processes, and its text stays the same', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async ({ start, backend, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    backend.script('usage', tooMany);
    const refused = await one.read({ maxAgeSecs: 60 });
    expect(refused).toMatchObject({ data: { kind: 'rateLimited', httpStatus: 429, retryAfterMs: 10_000 } });
    expect(usageRequests()).toBe(1);
    clock.advance(4_000);
    for (const maxAgeSecs of [60, 0]) {
      const { message, data } = await other.read({ maxAgeSecs });
      expect([message, data]).toEqual([
        refused.message,
        { ...(refused.data as object), retryAfterMs: 6_000 },
      ]);
    }
    expect(usageRequests()).toBe(1);
    clock.advance(6_000);
    backend.script('usage', undefined);
    expect(await other.read({ maxAgeSecs: 60 })).toHaveProperty('readAt');
    expect(usageRequests()).toBe(2);
  });
});

test('a stored read that is young enough is used during a pause', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async ({ start, backend }) => {
    const [one, other] = [await start(), await start()];
    const stored = await one.read({ maxAgeSecs: 60 });
    clock.advance(1_000);
    backend.script('usage', tooMany);
    expect(await one.read({ maxAgeSecs: 0 })).toHaveProperty('data.kind', 'rateLimited');
    expect(await other.read({ maxAgeSecs: 60 })).toEqual(stored);
  });
});

test('a plain read is not kept back by the pause of another process', () =>
  withSnapshots({}, async ({ start, backend, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    backend.script('usage', tooMany);
    await one.read({ maxAgeSecs: 60 });
    await other.read();
    expect(usageRequests()).toBe(2);
  }));

test('a pause that ends too far in the future is ignored', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async ({ start, backend, folder }) => {
    const [one, other] = [await start(), await start()];
    backend.script('usage', tooMany);
    await one.read({ maxAgeSecs: 60 });
    backend.script('usage', undefined);
    const path = join(folder, namesOf(folder).find((name) => name.endsWith('.pause')) ?? '');
    const pause = JSON.parse(readFileSync(path, 'utf8')) as { untilMs: number };
    writeFileSync(path, JSON.stringify({ ...pause, untilMs: pause.untilMs + 3_600_000 }));
    expect(await other.read({ maxAgeSecs: 60 })).toHaveProperty('readAt');
  });
});
