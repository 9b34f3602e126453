import { expect, test } from 'vitest';
import { createFront } from '../../src/front/front.js';
import { systemClock } from '../../src/util/clock.js';
import { createLog } from '../../src/util/log.js';
import { withAccount } from '../support/account-fixture.js';
import { createManualClock } from '../support/clocks/manual-clock.js';
import { readBeforeWorkspace } from '../support/late-workspace.js';
import { lineWithoutTime } from '../support/notifications.js';
import { standInPath } from './front-fixture.js';

test('we notify the client of our lookup of the workspace, also after the real codex has got a login', async () => {
  const clock = createManualClock();
  const log = createLog({ level: 'off', nowMs: () => 0, write: () => undefined });
  const environment = { PATH: process.env.PATH, STAND_IN: JSON.stringify({ startNews: true }) };
  const command = { path: standInPath, args: () => ['app-server'], environment };
  const createPassOn = createFront({ command, clock: systemClock, log, onStderr: () => undefined });
  await withAccount({ clock, createPassOn }, async (fixture) => {
    const { backend, server, call } = fixture;
    await call('a/b');
    await call('account/login/cancel', { loginId: 'another' });
    const { lookup } = await readBeforeWorkspace(fixture, clock);
    lookup.answer({
      accounts: [
        { id: 'account-dev', workspace_backend_origin: 'https://b.example', account_routing_override: 'us' },
      ],
    });
    // The reply to the lookup is there before the one to this request.
    await fetch(backend.url);
    await call('getAuthStatus', {});
    const news = server.lines
      .map(lineWithoutTime)
      .filter((line) => JSON.stringify(line).includes('/updated'));
    expect(news).toEqual([
      {
        method: 'account/updated',
        params: { authMode: 'chatgpt', planType: 'pro', reason: 'workspaceRoutingReady' },
      },
    ]);
  });
});
