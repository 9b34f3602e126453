import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJson } from '../../support/account-fixture.js';
import { chatgptLogin, storedTokens } from '../../support/auth-file.js';
import { holdForeignLock } from '../../support/files/foreign-lock.js';
import { pauseSkippingClock } from '../../support/clocks/pause-skipping-clock.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { askForTokens, other, refreshTokensIn, renewed, stored, withRefreshes } from './refresh-fixture.js';

/** Tokens that are not due for a refresh. */
const fresh = chatgptLogin({}, { last_refresh: new Date().toISOString() });

const refusal = (response: ServerResponse): void => {
  response.writeHead(401).end();
};

test('a refresh token that the issuer refused is not sent again', () =>
  withRefreshes(
    {},
    async ({ call, calls }) => {
      await call('getAuthStatus', { refreshToken: true });
      expect(await call('account/read')).toMatchObject({ result: { account: null, userId: null } });
      await call('getAuthStatus', { refreshToken: true });
      expect(refreshTokensIn(calls)).toEqual(['canary-refresh-token']);
    },
    refusal,
  ));

test('a refused refresh does not sign out another account without a refresh token', () =>
  withRefreshes(
    { auth: chatgptLogin({ refresh_token: '' }) },
    async ({ call, authPath }) => {
      await call('getAuthStatus', { refreshToken: true });
      const last_refresh = new Date().toISOString();
      writeJson(authPath, chatgptLogin({ ...other, refresh_token: '' }, { last_refresh }));
      expect(await call('account/read')).toMatchObject({ result: { userId: 'user-two' } });
    },
    refusal,
  ));

test('a shutdown cancels a refresh that waits for a save of another program', () =>
  withRefreshes({ clock: createManualClock() }, async (fixture) => {
    const { server, authPath, calls } = fixture;
    const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
    askForTokens(fixture);
    await lock.untilWaitedFor();
    server.shutdown.abort();
    await server.shutdown.closed;
    expect({ calls, log: server.log }).toEqual({ calls: [], log: [] });
    await lock.release();
  }));

test('new tokens are saved even if the locks of a save can no longer be acquired', () => {
  let breakLock = (): void => undefined;
  return withRefreshes(
    {},
    async (fixture) => {
      const lockPath = join(dirname(fixture.authPath), 'auth.lock');
      breakLock = () => {
        rmSync(lockPath);
        mkdirSync(lockPath);
      };
      await fixture.call('getAuthStatus', { refreshToken: true });
      expect(stored(fixture).tokens).toMatchObject(renewed);
    },
    (response) => {
      breakLock();
      response.end(JSON.stringify(renewed));
    },
  );
});

test.each([
  ['were renewed', 200],
  ['could not be renewed', 500],
])('a consume is not sent if config.toml became unusable while the tokens %s', (_, status) => {
  let breakConfig = (): void => undefined;
  return withRefreshes(
    { auth: chatgptLogin({}) },
    async (fixture) => {
      breakConfig = () => {
        writeJson(fixture.configPath, 'chatgpt_base_url = ');
      };
      expect(await fixture.consume()).toMatchObject({
        error: { data: { kind: 'configInvalid', outcomeKnown: true } },
      });
      expect(fixture.backend.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    },
    (response) => {
      breakConfig();
      response.writeHead(status).end(JSON.stringify(renewed));
    },
  );
});

test('no token is renewed for a 401 if config.toml has become unusable', () =>
  withRefreshes({ auth: fresh }, async ({ backend, configPath, consume, calls }) => {
    backend.script('consume', () => {
      writeJson(configPath, 'chatgpt_base_url = ');
      return { status: 401, body: '' };
    });
    expect(await consume()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
    expect([calls, backend.requests.length]).toEqual([[], 1]);
  }));

test('no token is renewed for a 401 that a new token would get, too', () =>
  withRefreshes({ auth: fresh }, async ({ backend, consume, calls }) => {
    backend.script('consume', { status: 401, body: '{"detail":{"code":"deactivated_workspace"}}' });
    expect(await consume()).toMatchObject({ error: { data: { reason: 'deactivatedWorkspace' } } });
    expect([calls, backend.requests.length]).toEqual([[], 1]);
  }));

test('a new token that the backend refuses, too, is not renewed with each request', () => {
  let count = 0;
  return withRefreshes(
    { auth: fresh },
    async ({ backend, read, calls }) => {
      backend.script('usage', { status: 401 });
      for (let reads = 0; reads < 3; reads += 1) {
        expect(await read()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
      }
      expect(refreshTokensIn(calls)).toEqual(['canary-refresh-token']);
      expect(backend.requests).toHaveLength(4);
    },
    (response) => {
      count += 1;
      response.end(JSON.stringify({ access_token: `canary-${count}`, refresh_token: `canary-r-${count}` }));
    },
  );
});

test('new tokens that arrive while auth.json is torn are saved with its earlier content', () => {
  let tear = (): void => undefined;
  return withRefreshes(
    { auth: chatgptLogin({}, { extra: 'kept' }), clock: pauseSkippingClock() },
    async (fixture) => {
      tear = () => {
        writeJson(fixture.authPath, '{"auth_mode":"chatgpt","tok');
      };
      await fixture.call('getAuthStatus', { refreshToken: true });
      expect(stored(fixture)).toMatchObject({ extra: 'kept', tokens: { ...storedTokens, ...renewed } });
    },
    (response) => {
      tear();
      response.end(JSON.stringify(renewed));
    },
  );
});

test('a refused refresh has a time limit for a lock that another program takes meanwhile', () => {
  const clock = createManualClock();
  const held: ServerResponse[] = [];
  return withRefreshes(
    { clock },
    async ({ call, authPath }) => {
      const answer = call('getAuthStatus', { includeToken: true, refreshToken: true });
      while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const lock = await holdForeignLock(join(dirname(authPath), 'auth.lock'));
      refusal(held[0]!);
      await lock.untilWaitedFor();
      clock.fire(1_000);
      expect(await answer).toMatchObject({ result: { authMethod: 'chatgpt', authToken: null } });
      await lock.release();
    },
    (response) => held.push(response),
  );
});

test('a refresh does not change the numbers in unknown members', () =>
  withRefreshes(
    { auth: JSON.stringify(chatgptLogin({}, { big: 'BIG' })).replace('"BIG"', '12345678901234567890') },
    async ({ call, authPath }) => {
      await call('getAuthStatus', { refreshToken: true });
      expect(readFileSync(authPath, 'utf8')).toContain('12345678901234567890');
    },
  ));
