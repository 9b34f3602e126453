import { expect, test } from 'vitest';
import { withAccount } from '../support/account-fixture.js';
import { holdEndpoint } from '../support/network/held-endpoint.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { lineWithoutTime, updated } from '../support/notifications.js';

/** How long `account/read` waits for the workspace. */
const waitMs = 1_500;

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
  await withAccount({ clock }, async ({ backend, server, call }) => {
    const untilAsked = holdEndpoint(backend, 'accountsCheck');
    const early = [call('account/read'), untilAsked()] as const;
    const lookup = await early[1];
    await clock.untilSet(waitMs);
    clock.fire(waitMs);
    expect(await early[0]).toMatchObject({ result: { workspaceRouting: null } });
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
  await withAccount({ clock }, async ({ backend, server, call }) => {
    const untilAsked = holdEndpoint(backend, 'accountsCheck');
    const early = [call('account/read'), untilAsked()] as const;
    const lookup = await early[1];
    await clock.untilSet(waitMs);
    clock.fire(waitMs);
    await early[0];
    lookup.answer(reply, status);
    backend.script('accountsCheck', { body: {} });
    await call('account/rateLimits/read');
    await call('getAuthStatus', {});
    expect(notificationsIn(server.lines)).toEqual([]);
  });
});

test('a login that ends while its workspace is looked up is not reported as ready', async () => {
  const clock = createManualClock();
  await withAccount({ clock, hasIssuer: true }, async ({ backend, server, call }) => {
    const untilAsked = holdEndpoint(backend, 'accountsCheck');
    const early = [call('account/read'), untilAsked()] as const;
    const lookup = await early[1];
    await clock.untilSet(waitMs);
    clock.fire(waitMs);
    await early[0];
    await call('account/logout');
    lookup.answer(account());
    // The reply to the lookup is there before the one to this request.
    await fetch(backend.url);
    await call('getAuthStatus', {});
    expect(notificationsIn(server.lines)).toEqual([updated(null)]);
  });
});
