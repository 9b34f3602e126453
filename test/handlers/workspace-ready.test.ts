import { expect, test } from 'vitest';
import { withAccount } from '../support/account-fixture.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { readBeforeWorkspace } from '../support/late-workspace.js';
import { lineWithoutTime, updated } from '../support/notifications.js';

const account = (id = 'account-dev'): object => ({
  accounts: [
    { id, workspace_backend_origin: 'https://b.example', name: 'Team', account_routing_override: 'us' },
  ],
});

const ready = {
  method: 'account/updated',
  params: { authMode: 'chatgpt', planType: 'pro', reason: 'workspaceRoutingReady' },
};

function notificationsIn(lines: readonly string[]): unknown[] {
  return lines.map(lineWithoutTime).filter((line) => 'method' in (line as object));
}

test('a workspace that account/read did not wait for is reported once', async () => {
  const clock = createManualClock();
  await withAccount({ clock }, async (fixture) => {
    const { server, call } = fixture;
    const { answer, lookup } = await readBeforeWorkspace(fixture, clock);
    expect(answer).toMatchObject({ result: { workspaceRouting: null } });
    const seen = server.lines.length;
    lookup.answer(account());
    await server.untilLines(seen + 1);
    expect(await call('account/read')).toMatchObject({ result: { account: { workspaceName: 'Team' } } });
    expect(notificationsIn(server.lines)).toEqual([ready]);
  });
});

test('a workspace that account/read has waited for is not reported', () =>
  withAccount({}, async ({ backend, server, call }) => {
    backend.script('accountsCheck', { body: account() });
    expect(await call('account/read')).toMatchObject({ result: { account: { workspaceName: 'Team' } } });
    await call('getAuthStatus', {});
    expect(notificationsIn(server.lines)).toEqual([]);
  }));

test.each([
  ['that fails', {}, 500 as const],
  ['that finds another account', account('account-other'), 200 as const],
])('a late lookup %s is not reported', async (_what, reply, status) => {
  const clock = createManualClock();
  await withAccount({ clock }, async (fixture) => {
    const { backend, server, call } = fixture;
    const { lookup } = await readBeforeWorkspace(fixture, clock);
    lookup.answer(reply, status);
    backend.script('accountsCheck', { body: {} });
    await call('account/rateLimits/read');
    await call('getAuthStatus', {});
    expect(notificationsIn(server.lines)).toEqual([]);
  });
});

test('a login that ends while its workspace is looked up is not reported as ready', async () => {
  const clock = createManualClock();
  await withAccount({ clock, hasIssuer: true }, async (fixture) => {
    const { backend, server, call } = fixture;
    const { lookup } = await readBeforeWorkspace(fixture, clock);
    await call('account/logout');
    lookup.answer(account());
    // The reply to the lookup is there before the one to this request.
    await fetch(backend.url);
    await call('getAuthStatus', {});
    expect(notificationsIn(server.lines)).toEqual([updated(null)]);
  });
});
