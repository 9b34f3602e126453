import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDevHome } from '../../src/dev-backend/home.js';
import { createSettableClock, namesOf, startMs, withSnapshots } from './fixture.js';
import { shownMode } from '../support/files/shown-mode.js';
import { unixTest } from '../support/unix-test.js';

test('a read with a greatest age takes what another process has read', () =>
  withSnapshots({}, async ({ start, usageRequests, backend }) => {
    const [one, other] = [await start(), await start()];
    const first = await one.read({ maxAgeSecs: 60 });
    expect(first).toMatchObject({ accountId: 'account-dev', readAt: expect.any(Number) as number });
    const requests = backend.requests.length;
    expect(await other.read({ maxAgeSecs: 60 })).toEqual(first);
    expect(usageRequests()).toBe(1);
    // Neither the details nor anything else is asked for.
    expect(backend.requests).toHaveLength(requests);
  }));

test('a read without a greatest age is as before: live, without readAt, and without a file', () =>
  withSnapshots({}, async ({ start, usageRequests, folder }) => {
    const [one, other] = [await start(), await start()];
    const plain = await one.read();
    expect(plain).not.toHaveProperty('readAt');
    expect(namesOf(folder)).toEqual([]);
    const { readAt: _, ...stored } = await other.read({ maxAgeSecs: 60 });
    expect(stored).toEqual(plain);
    const before = namesOf(folder).map((name) => statSync(join(folder, name), { bigint: true }).mtimeNs);
    await one.read();
    await one.read({ maxAgeSecs: null });
    expect(usageRequests()).toBe(4);
    expect(namesOf(folder).map((name) => statSync(join(folder, name), { bigint: true }).mtimeNs)).toEqual(
      before,
    );
  }));

test('an answer is at most as old as asked for, and 0 is live and stored', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock }, async ({ start, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    await one.read({ maxAgeSecs: 0 });
    clock.advance(10_000);
    expect(await other.read({ maxAgeSecs: 10 })).toMatchObject({ readAt: startMs / 1000 });
    clock.advance(1);
    expect(await other.read({ maxAgeSecs: 10 })).toMatchObject({ readAt: startMs / 1000 + 10 });
    expect(await one.read({ maxAgeSecs: 0 })).toMatchObject({ readAt: startMs / 1000 + 10 });
    expect(usageRequests()).toBe(3);
  });
});

test('a negative age is refused', () =>
  withSnapshots({}, async ({ start }) => {
    const { read } = await start();
    expect(await read({ maxAgeSecs: -1 })).toEqual({
      code: -32600,
      message: 'maxAgeSecs must not be negative',
      data: { kind: 'invalidRequest', member: 'maxAgeSecs' },
    });
    expect(await read({ maxAgeSecs: 1.5 })).toMatchObject({ code: -32600, data: { member: 'maxAgeSecs' } });
  }));

test('the file names account and user, and nothing secret; it and its folder are private', () =>
  withSnapshots({}, async ({ start, folder, snapshotPath, storedRead, home }) => {
    const { read } = await start();
    const { readAt: _, ...answer } = await read({ maxAgeSecs: 60 });
    expect(storedRead()).toEqual({
      format: 1,
      accountId: 'account-dev',
      userId: 'user-dev',
      baseUrl: expect.stringContaining('http://127.0.0.1:') as string,
      supportsLunaReserve: false,
      answer,
      readAtMs: expect.any(Number) as number,
      countWithoutDetails: 1,
      hasCreditDetails: true,
      epoch: readFileSync(join(folder, 'limits-epoch'), 'utf8'),
    });
    expect([folder, snapshotPath()].map((path) => statSync(path).mode & 0o777)).toEqual([
      shownMode(0o700),
      shownMode(0o600),
    ]);
    const { tokens } = JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8')) as {
      tokens: Record<string, string>;
    };
    for (const token of [tokens.id_token, tokens.access_token, tokens.refresh_token, '@']) {
      expect(token && readFileSync(snapshotPath(), 'utf8').includes(token)).toBe(false);
    }
  }));

test('without the details a stored read answers as a live one would, and one without them is not enough', () =>
  withSnapshots({}, async ({ start, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    const bare = await one.read({ maxAgeSecs: 60, excludeResetCreditDetails: true });
    expect(bare).toMatchObject({ rateLimitResetCredits: { availableCount: 1, credits: null } });
    expect(await other.read({ maxAgeSecs: 60 })).toMatchObject({
      rateLimitResetCredits: { credits: [expect.anything()] },
    });
    expect(usageRequests()).toBe(2);
    const again = await one.read({ maxAgeSecs: 60, excludeResetCreditDetails: true });
    expect(again.rateLimitResetCredits).toEqual(bare.rateLimitResetCredits);
    expect(usageRequests()).toBe(2);
  }));

test.each<readonly [string, (tokens: { id_token: string }) => string]>([
  ['as it is', ({ id_token: token }) => token],
  ['in other letters', () => 'Dev@Example.com'],
  ['in a link', () => 'https://example.com/?to=dev%40example.com'],
])('an answer with a secret of the login is not stored: %s', (_, textWith) =>
  withSnapshots({}, async ({ start, usageRequests, backend, folder, home }) => {
    const login = JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8')) as {
      tokens: { id_token: string };
    };
    const users = { account_id: 'account-dev', user_id: 'user-dev', plan_type: 'pro' };
    backend.script('usage', { body: { ...users, rate_limit_upsell: { to: textWith(login.tokens) } } });
    const { read } = await start();
    await read({ maxAgeSecs: 60 });
    await read({ maxAgeSecs: 60 });
    expect(usageRequests()).toBe(2);
    expect(namesOf(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
  }),
);

test('the numbers of an offer stay as the backend wrote them', () =>
  withSnapshots({}, async ({ start, backend }) => {
    const users = { account_id: 'account-dev', user_id: 'user-dev' };
    const body = JSON.stringify({ ...users, plan_type: 'pro', rate_limit_upsell: { price: 0 } });
    backend.script('usage', { body: body.replace('"price":0', '"price":12345678901234567890.10') });
    const [one, other] = [await start(), await start()];
    for (const { server, read } of [one, other]) {
      await read({ maxAgeSecs: 60 });
      expect(server.lines.at(-1)).toContain('"rateLimitUpsell":{"price":12345678901234567890.10}');
    }
  }));

test('includeUserId is answered by a live read, which is stored', () =>
  withSnapshots({}, async ({ start, usageRequests }) => {
    const [one, other] = [await start(), await start()];
    await one.read({ maxAgeSecs: 60 });
    expect(await one.read({ maxAgeSecs: 60, includeUserId: true })).toMatchObject({ userId: 'user-dev' });
    expect(usageRequests()).toBe(2);
    expect(await other.read({ maxAgeSecs: 60 })).not.toHaveProperty('userId');
    expect(usageRequests()).toBe(2);
  }));

test('reads at the same time send one request, in one process and in several', () =>
  withSnapshots({}, async ({ start, usageRequests }) => {
    const clients = [await start(), await start(), await start()];
    const reads = clients.flatMap(({ read }) => [1, 2, 3, 4].map(() => read({ maxAgeSecs: 60 })));
    const answers = await Promise.all(reads);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(usageRequests()).toBe(1);
  }));

unixTest('two homes with one login share a stored read, two logins do not', () =>
  withSnapshots({}, async ({ start, usageRequests, home, backend }) => {
    const linked = createDevHome({ backendUrl: backend.url, auth: 'none' });
    const apart = createDevHome({ backendUrl: backend.url, accountId: 'account-2', userId: 'user-2' });
    symlinkSync(join(home, 'auth.json'), join(linked.path, 'auth.json'));
    try {
      await (await start()).read({ maxAgeSecs: 60 });
      await (await start({ codexHome: linked.path })).read({ maxAgeSecs: 60 });
      expect(usageRequests()).toBe(1);
      await (await start({ codexHome: apart.path })).read({ maxAgeSecs: 60 });
      expect(usageRequests()).toBe(2);
    } finally {
      linked.remove();
      apart.remove();
    }
  }),
);

test('a read-only server takes a stored read and writes none', () =>
  withSnapshots({}, async ({ start, usageRequests, folder }) => {
    const [one, readOnly] = [await start(), await start({ isReadOnly: true })];
    await readOnly.read({ maxAgeSecs: 60 });
    expect(namesOf(folder)).toEqual([]);
    await one.read({ maxAgeSecs: 60 });
    await readOnly.read({ maxAgeSecs: 60 });
    expect(usageRequests()).toBe(2);
  }));

test('a stored read is not used after a window of it has ended', async () => {
  const clock = createSettableClock();
  await withSnapshots({ clock, scenario: 'free' }, async ({ start, usageRequests }) => {
    const { read } = await start();
    const { rateLimits } = (await read({ maxAgeSecs: 0 })) as {
      rateLimits: { primary: { resetsAt: number } };
    };
    clock.advance(rateLimits.primary.resetsAt * 1000 - startMs - 1);
    await read({ maxAgeSecs: 100_000_000 });
    expect(usageRequests()).toBe(1);
    clock.advance(1);
    await read({ maxAgeSecs: 100_000_000 });
    expect(usageRequests()).toBe(2);
  });
});
