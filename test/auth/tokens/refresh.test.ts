import { readFileSync, statSync, symlinkSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { shownMode } from '../../support/files/shown-mode.js';
import { withAccount, writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, storedTokens } from '../../support/auth-file.js';
import { holdEndpoint } from '../../support/network/held-endpoint.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import {
  askForTokens,
  other,
  refreshLock,
  refreshTokensIn,
  renewed,
  sentTokens,
  stored,
  withRefreshes,
} from './refresh-fixture.js';
import { unixTest } from '../../support/unix-test.js';

/** The workspace of the account of `chatgptLogin`, as the backend reports it. */
const workspace = {
  id: 'account-dev',
  name: 'Dev',
  workspace_backend_origin: 'https://127.0.0.1',
  account_routing_override: 'NO_CONSTRAINT',
};

/** Returns a login whose tokens are not due for a refresh. */
function freshLogin(): object {
  return chatgptLogin({}, { last_refresh: new Date().toISOString() });
}

test('tokens that are due are renewed before the read, and the rest of the file stays', () =>
  withRefreshes({ auth: chatgptLogin({ extra: [1] }, { 'agent.x': { kept: true } }) }, async (fixture) => {
    expect(await fixture.read()).toHaveProperty('result');
    expect(sentTokens(fixture)).toEqual([`Bearer ${renewed.access_token}`]);
    const { last_refresh, ...rest } = stored(fixture);
    expect(rest).toEqual({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      'agent.x': { kept: true },
      tokens: { ...storedTokens, ...renewed, extra: [1] },
    });
    expect(Date.parse(last_refresh as string)).toBeGreaterThan(Date.parse('2026-01-02'));
    expect(statSync(fixture.authPath).mode & 0o777).toBe(shownMode(0o600));
  }));

test('after a temporary failure of a refresh the old tokens stay in use', () =>
  withRefreshes(
    {},
    async (fixture) => {
      const before = readFileSync(fixture.authPath, 'utf8');
      expect(await fixture.read()).toHaveProperty('result');
      expect(sentTokens(fixture)).toEqual(['Bearer canary-access-token']);
      expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
    },
    (response) => response.writeHead(503).end('busy'),
  ));

test('tokens are not renewed while auth.json is torn', () =>
  withRefreshes({ auth: freshLogin(), clock: pauseSkippingClock() }, async ({ call, authPath, calls }) => {
    await call('account/read');
    const torn = '{"auth_mode":"chatgpt","tok';
    writeJson(authPath, torn);
    expect(await call('account/read', { refreshToken: true })).toHaveProperty('result');
    expect(calls).toEqual([]);
    expect(readFileSync(authPath, 'utf8')).toBe(torn);
  }));

test('a refresh of an account does not share the refresh of another account', () =>
  withRefreshes({}, async (fixture) => {
    const { call, authPath, calls } = fixture;
    const lock = await refreshLock(fixture);
    const first = call('account/read', { refreshToken: true });
    await lock.untilWaitedFor();
    writeJson(authPath, chatgptLogin(other));
    const second = fixture.read();
    await lock.untilWaitedFor();
    await lock.release();
    await Promise.all([first, second]);
    expect(refreshTokensIn(calls)).toEqual([other.refresh_token]);
    expect(sentTokens(fixture)).toEqual([`Bearer ${renewed.access_token}`]);
  }));

test('a client that requests new tokens waits a minute for the issuer', () => {
  const clock = createManualClock();
  const held: ServerResponse[] = [];
  return withRefreshes(
    { clock },
    async ({ call, server, calls }) => {
      const answer = call('account/read', { refreshToken: true });
      await clock.untilSet(60_000);
      while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
      clock.fire(60_000);
      await clock.untilSet(1_500);
      clock.fire(1_500);
      expect(await answer).toMatchObject({ result: { account: { type: 'chatgpt' } } });
      held[0]?.end(JSON.stringify(renewed));
      await server.end();
    },
    (response) => held.push(response),
  );
});

test('a shutdown saves the tokens of a refresh that was sent', () => {
  const held: ServerResponse[] = [];
  const clock = createManualClock();
  return withRefreshes(
    { clock },
    async (fixture) => {
      const { server, calls } = fixture;
      askForTokens(fixture);
      while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
      server.shutdown.abort();
      await server.untilLines(2);
      held[0]?.end(JSON.stringify(renewed));
      await server.shutdown.closed;
      expect(stored(fixture).tokens).toMatchObject(renewed);
    },
    (response) => held.push(response),
  );
});

test('a shutdown cancels a refresh that was not sent', () =>
  withRefreshes({ clock: createManualClock() }, async (fixture) => {
    const { server, calls } = fixture;
    const lock = await refreshLock(fixture);
    askForTokens(fixture);
    await lock.untilWaitedFor();
    server.shutdown.abort();
    await server.shutdown.closed;
    expect({ calls, log: server.log }).toEqual({ calls: [], log: [] });
    await lock.release();
  }));

unixTest('two CODEX_HOME folders with the same auth.json renew its tokens once', () =>
  withRefreshes({}, (first) =>
    withAccount({ auth: 'none', authEnvironment: { refreshTokenUrl: first.issuerUrl } }, async (second) => {
      symlinkSync(first.authPath, second.authPath);
      const lock = await refreshLock(first);
      const reading = first.read();
      const alsoReading = second.read();
      await lock.untilWaitedFor(2);
      await lock.release();
      await Promise.all([reading, alsoReading]);
      expect(refreshTokensIn(first.calls)).toEqual(['canary-refresh-token']);
      expect(sentTokens(second)).toEqual([`Bearer ${renewed.access_token}`]);
    }),
  ),
);

test('the workspace of an account is not reported for the account that replaced it', () => {
  const clock = createManualClock();
  return withRefreshes({ clock }, async (fixture) => {
    const { call, backend, authPath } = fixture;
    const untilAsked = holdEndpoint(backend, 'accountsCheck');
    const answer = call('account/read');
    const check = await untilAsked();
    writeJson(authPath, chatgptLogin(other));
    check.answer({ accounts: [workspace] });
    expect(await answer).toMatchObject({ result: { userId: 'user-two', workspaceRouting: null } });
  });
});

test('the workspace of a new account is looked up even if the lookup for the old account was in progress', () =>
  withRefreshes({ auth: freshLogin() }, async ({ call, backend, authPath }) => {
    const untilAsked = holdEndpoint(backend, 'accountsCheck');
    const first = call('account/read');
    const check = await untilAsked();
    writeJson(authPath, chatgptLogin(other, { last_refresh: new Date().toISOString() }));
    check.answer({ accounts: [workspace] });
    await first;
    const second = call('account/read');
    const otherWorkspace = { ...workspace, id: 'account-two', name: 'Two' };
    (await untilAsked()).answer({ accounts: [otherWorkspace] });
    expect(await second).toMatchObject({ result: { account: { workspaceName: 'Two' } } });
  }));
